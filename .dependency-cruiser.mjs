/**
 * Who may import whom. Every rule carries its reason; `npm run check` enforces them and
 * test/house/layers.test.ts proves for each that it can fail.
 *
 * domain ← rules ← db ← { intake scrub schedule dial talk outcome report } ← { adapters http } ← main
 */
const stages = "intake|scrub|schedule|dial|talk|outcome|report";
const programs = "^src/(?:main|demo|plan|migrate)\\.ts$";
/** Programs and the parts only they share. */
const composition = "^src/(?:(?:main|demo|plan|migrate)\\.ts$|(?:service|demo)/)";

/** A package may be imported only from the given places. */
function onlyIn(packageName, places, comment) {
  return {
    name: `only-there-${packageName.replace("/", "-").replace("@", "")}`,
    comment,
    severity: "error",
    from: { path: "^src/", pathNot: places },
    to: { path: `node_modules/${packageName}/` },
  };
}

export default {
  forbidden: [
    {
      name: "domain-stands-alone",
      comment: "The words are shared by everybody, so they may depend on nobody: a change elsewhere can never change what a word means.",
      severity: "error",
      from: { path: "^src/domain/" },
      to: { path: "^src/", pathNot: "^src/domain/" },
    },
    {
      name: "domain-does-no-io",
      comment: "Domain and rules are pure; whatever touches the world comes in through a port.",
      severity: "error",
      from: { path: "^src/(?:domain|rules)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "rules-know-only-words",
      comment: "A compliance officer reads src/rules alone; a rule gets its facts as arguments, never from a database or a stage.",
      severity: "error",
      from: { path: "^src/rules/" },
      to: { path: "^src/", pathNot: "^src/(?:domain|rules)/" },
    },
    {
      name: "db-below-stages",
      comment: "The database plumbing serves all stages alike and must not know one of them.",
      severity: "error",
      from: { path: "^src/db/" },
      to: { path: "^src/", pathNot: "^src/(?:domain|rules|db)/" },
    },
    {
      name: "stages-do-not-meet",
      comment: "Stages meet in the database and through job names; main.ts connects them. Else the story becomes a knot.",
      severity: "error",
      from: { path: `^src/(${stages})/` },
      to: { path: `^src/(?:${stages})/`, pathNot: "^src/$1/" },
    },
    {
      name: "stages-state-needs-as-ports",
      comment: "A stage says in its ports.ts what it needs; it never reaches up to an adapter, a door, the settings or a program.",
      severity: "error",
      from: { path: `^src/(?:${stages})/` },
      to: { path: "^src/", pathNot: `^src/(?:domain|rules|db|${stages})/` },
    },
    {
      name: "stages-open-nothing",
      comment: "No stage opens a socket, a file or a process: that is an adapter's work, so that tests can stand in for it.",
      severity: "error",
      from: { path: `^src/(?:${stages})/` },
      to: { path: "^(?:node:)?(?:net|tls|http|http2|https|dgram|fs|fs/promises|child_process|worker_threads|cluster)$", dependencyTypes: ["core"] },
    },
    {
      name: "sql-in-queries-files",
      comment: "SQL lives in *.queries.ts, functions with db first, so that all questions to the database can be found and reviewed.",
      severity: "error",
      from: { path: `^src/(?:${stages})/`, pathNot: "\\.queries\\.ts$" },
      to: { path: "node_modules/(?:kysely|pg|pg-copy-streams)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "doors-ask-use-cases",
      comment: "The doors are thin: they call a stage's use cases and never its SQL.",
      severity: "error",
      from: { path: "^src/http/" },
      to: { path: `^src/(?:${stages})/.*\\.queries\\.ts$` },
    },
    {
      name: "doors-and-adapters-apart",
      comment: "A door takes what it needs as an argument; adapters are chosen by main.ts alone.",
      severity: "error",
      from: { path: "^src/http/" },
      to: { path: "^src/(?:adapters|config|simulator)(?:/|\\.ts$)" },
    },
    {
      name: "adapters-serve-ports",
      comment: "An adapter implements what domain, db or a stage's ports.ts asks for; it must not know doors, settings, programs or the simulator.",
      severity: "error",
      from: { path: "^src/adapters/" },
      to: { path: "^src/(?:http|console|config|simulator)(?:/|\\.ts$)" },
    },
    {
      name: "one-vendor-one-folder",
      comment: "Each vendor can be replaced by itself: its adapter knows no other vendor's.",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/(?:$1|system)/" },
    },
    {
      name: "system-knows-no-vendor",
      comment: "Clock, log and vault are used by every adapter and therefore use none.",
      severity: "error",
      from: { path: "^src/adapters/system/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/system/" },
    },
    {
      name: "simulator-speaks-the-wire",
      comment: "The phone world knows the vendors' protocols, not our code: else it would only confirm our own mistakes.",
      severity: "error",
      from: { path: "^src/simulator/", pathNot: "^src/simulator/(?:main|world-worker)\\.ts$" },
      to: { path: "^src/", pathNot: "^src/(?:domain|simulator)/" },
    },
    {
      name: "simulator-program-takes-clock-and-log",
      comment: "The phone world as a program of its own needs a clock and a log; nothing else of ours.",
      severity: "error",
      from: { path: "^src/simulator/(?:main|world-worker)\\.ts$" },
      to: { path: "^src/", pathNot: "^src/(?:domain|simulator|adapters/system)/" },
    },
    {
      name: "simulator-stays-out-of-production",
      comment: "Only the programs choose the simulated world, when no carrier is configured.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/simulator/|${composition}` },
      to: { path: "^src/simulator/" },
    },
    {
      name: "settings-for-programs",
      comment: "Only programs read the settings and hand each part what it needs; nothing below depends on the environment.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/config(?:/|\\.ts$)|${composition}` },
      to: { path: "^src/config(?:/|\\.ts$)" },
    },
    {
      name: "composition-is-the-top",
      comment: "Whoever wires everything knows everything; below it nobody may.",
      severity: "error",
      from: { path: "^src/", pathNot: composition },
      to: { path: "^src/(?:service|demo)/" },
    },
    {
      name: "programs-are-the-top",
      comment: "A program wires everything; importing one would run it.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: programs },
    },
    onlyIn("twilio", "^src/adapters/twilio/", "The carrier's SDK and words stay in its adapter: the next carrier must not find them elsewhere."),
    onlyIn("@deepgram/sdk", "^src/adapters/deepgram/", "A transcriber is exchanged by exchanging its adapter."),
    onlyIn("openai", "^src/adapters/openai/", "A language model is exchanged by exchanging its adapter."),
    onlyIn("bullmq", "^src/adapters/bullmq/", "The queue only wakes somebody up; nothing but its adapter may come to rely on more."),
    onlyIn("ioredis", "^src/adapters/bullmq/", "Redis carries the queue and nothing else; Postgres is the only truth."),
    onlyIn("pino", "^src/adapters/system/", "Every line goes through the Log port, where it is redacted."),
    onlyIn("prom-client", "^src/(?:http|adapters/system)/", "Stages count through ports; only the doors, which show the metrics, and their adapter know Prometheus."),
    onlyIn("express", "^src/(?:http|simulator)/", "HTTP is a matter of the doors, ours and the phone world's."),
    onlyIn("ws", "^src/(?:adapters|http|simulator)/", "Sockets belong to doors and adapters; stages see ports."),
    onlyIn("csv-parse", "^src/(?:intake|scrub|demo)/", "Lists come in through intake and scrub only; the demo reads back what was exported."),
    {
      name: "only-there-pg",
      comment: "Connections are opened by the database plumbing and by the queue that lives in Postgres; others are handed one.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(?:db|adapters/(?:system|bullmq))/" },
      to: { path: "node_modules/pg/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "service-without-tests",
      comment: "The service runs where its tests are not installed.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^test/" },
    },
    {
      name: "service-without-dev-tools",
      comment: "What the service imports is installed in production too.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-optional", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-circles",
      comment: "In a circle nothing can be loaded, tested or replaced by itself. Types may name each other.",
      severity: "error",
      from: { path: "^(?:src|test)/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "oracle-reads-the-law-itself",
      comment: "The oracle of the simulated days must find a slip of the rules, so it shares no table, no word and no line with them.",
      severity: "error",
      from: { path: "^test/law-days/oracle/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(?:src|test)/", pathNot: "^test/law-days/oracle/" },
    },
    {
      name: "no-orphans",
      comment: "A file nobody imports is either dead or forgotten.",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: `${programs}|^src/simulator/(?:main|world-worker)\\.ts$|^src/console/` },
      to: {},
    },
    {
      name: "no-ghosts",
      comment: "An import that leads nowhere hides what it would have broken.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // With TypeScript 7 only swc can read .ts here. It keeps type-only imports, which count: layers are about knowledge.
    parser: "swc",
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".mts", ".js", ".mjs", ".cjs", ".json"],
      mainFields: ["module", "main", "types", "typings"],
    },
    moduleSystems: ["es6", "cjs"],
  },
};
