import { importPreferences } from "../../src/scrub/import-preferences.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { addHold, endHold } from "../../src/scrub/holds.ts";
import { recordConsents, revokeConsents } from "../../src/scrub/consents.ts";
import { addSuppressions, liftSuppression } from "../../src/scrub/suppressions.ts";
import { between, chance, pick } from "./draw.ts";
import { drawChoice, drawConsent } from "./draw-person.ts";
import type { Person, Wish } from "./oracle/truth.ts";
import { registerFiles } from "./register-files.ts";
import { act, bytesOf, personOf, type PlayedSender, type World } from "./world.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What people ask of the sender by letter, at the counter and over REST during the stretch. */
export function schedulePeople(world: World): void {
  for (const sender of world.senders) {
    for (let dayStartMs = world.startMs; dayStartMs < world.endMs; dayStartMs += dayMs) scheduleDay(world, sender, dayStartMs);
  }
}

function scheduleDay(world: World, sender: PlayedSender, dayStartMs: number): void {
  const { random } = world;
  const acts: readonly [rate: number, what: string, run: (number: E164) => Promise<void>][] = [
    [0.2, "suppression", (number) => suppress(world, sender, number)],
    [0.25, "lifting", (number) => lift(world, sender, number)],
    [0.25, "hold", (number) => hold(world, sender, number)],
    [0.25, "end of hold", (number) => endOneHold(world, sender, number)],
    [0.4, "consent", (number) => consent(world, sender, number)],
    [0.25, "withdrawal", (number) => withdraw(world, sender, number)],
    [0.4, "register", (number) => chooseAnew(world, sender, number)],
  ];
  for (const [rate, what, run] of acts) {
    const number = pick(random, sender.numbers);
    if (chance(random, rate)) act(world, dayStartMs + between(random, 7, 21.5) * hourMs, what, () => run(number));
  }
}

async function suppress(world: World, sender: PlayedSender, number: string): Promise<void> {
  await addSuppressions(world.scrub, { accountId: sender.accountId, numbers: [number], reason: "asked at the counter" });
  noteSuppressed(world, personOf(sender, number));
}

/** The number is on the sender's list from now on. */
export function noteSuppressed(world: World, person: Person): void {
  person.suppressed.push({ fromMs: world.agenda.nowMs(), toMs: null });
}

async function lift(world: World, sender: PlayedSender, preferred: E164): Promise<void> {
  const listed = sender.numbers.filter((number) => personOf(sender, number).suppressed.some(({ toMs }) => toMs === null));
  const number = listed.includes(preferred) ? preferred : listed[0];
  if (number === undefined) return;
  await liftSuppression(world.scrub, { accountId: sender.accountId, number });
  for (const span of personOf(sender, number).suppressed) span.toMs ??= world.agenda.nowMs();
}

const wishes: readonly Wish[] = [
  { mode: "only", from: "18:00", to: "19:30", days: null },
  { mode: "not", from: "09:00", to: "12:00", days: null },
  { mode: "not", from: "22:00", to: "11:00", days: null },
  { mode: "only", from: "10:00", to: "20:00", days: [6, 7] },
];

async function hold(world: World, sender: PlayedSender, number: string): Promise<void> {
  const { random } = world;
  const kind = pick(random, ["complaint", "dispute", "hardship", "bereavement", "hours", "hours", "hours", "hours"] as const);
  const fromMs = Math.floor(world.clock.nowMs() + (chance(random, 0.2) ? between(random, 0, 12) * hourMs : 0));
  const toMs = chance(random, 0.5) ? Math.floor(fromMs + between(random, 0.5, 30) * hourMs) : null;
  const wish = kind === "hours" ? pick(random, wishes) : null;
  const about = kind === "complaint" ? pick(random, ["calls", "service", "service"] as const) : undefined;
  const { id } = await addHold(world.scrub, {
    accountId: sender.accountId,
    number,
    kind,
    startsAt: new Date(fromMs),
    endsAt: toMs === null ? null : new Date(toMs),
    ...(wish && { hours: { ...wish, days: wish.days === null ? null : [...wish.days] } }),
    ...(about && { about }),
  });
  personOf(sender, number).holds.push({ kind, fromMs, toMs, wish, id });
  if (kind === "complaint" && about === "calls") sender.truth.grievances.push({ person: number, atMs: fromMs, kind: "complaint" });
}

async function endOneHold(world: World, sender: PlayedSender, number: string): Promise<void> {
  const nowMs = world.agenda.nowMs();
  const open = personOf(sender, number).holds.find((each) => each.id !== null && each.kind !== "hours" && (each.toMs === null || each.toMs > nowMs));
  if (!open?.id) return;
  await endHold(world.scrub, { accountId: sender.accountId, id: open.id });
  open.toMs = nowMs;
}

async function consent(world: World, sender: PlayedSender, number: string): Promise<void> {
  const drawn = drawConsent(world.random, world.clock.nowMs());
  await recordTrueConsent(world, sender, number, drawn);
  personOf(sender, number).consents.push(drawn);
}

/** Puts a consent on file as the person gave it. */
export async function recordTrueConsent(world: World, sender: PlayedSender, number: string, given: Person["consents"][number]): Promise<void> {
  const { basis, givenAtMs, endsAtMs, onDlt } = given;
  const about = { number, basis, reference: `consent of ${givenAtMs}`, registeredOnDlt: onDlt, givenAt: new Date(givenAtMs), endsAt: endsAtMs === null ? null : new Date(endsAtMs) };
  await recordConsents(world.scrub, { accountId: sender.accountId, consents: [about] });
}

async function withdraw(world: World, sender: PlayedSender, number: string): Promise<void> {
  await revokeConsents(world.scrub, { accountId: sender.accountId, number });
  const nowMs = world.agenda.nowMs();
  const person = personOf(sender, number);
  const open = person.consents.filter(({ revokedAtMs }) => revokedAtMs === null);
  for (const each of open) each.revokedAtMs = nowMs;
  if (open.length > 0) person.refusals.push(nowMs);
}

async function chooseAnew(world: World, sender: PlayedSender, number: string): Promise<void> {
  const choice = drawChoice(world.random);
  for (const text of registerFiles([{ number, choice }])) await importPreferences(world.scrub, { accountId: sender.accountId, bytes: bytesOf(text) });
  personOf(sender, number).choices.push({ fromMs: world.agenda.nowMs(), choice });
}
