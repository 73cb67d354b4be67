import type { DemoCampaign } from "./steps.ts";
import { clockText, type DemoProgress } from "./watch-campaigns.ts";

/** Where live progress goes: redrawn in place on a terminal, a line now and then in a log. */
export interface Screen {
  say(text: string): void;
  progress(nowMs: number, campaigns: readonly DemoCampaign[], views: readonly DemoProgress[]): void;
}

const linesEveryMs = 5_000;
const barWidth = 24;

export function newScreen(out: NodeJS.WriteStream): Screen {
  const live = out.isTTY;
  let drawn = 0;
  let lastLineMs = Number.NEGATIVE_INFINITY;
  const erase = (): void => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  return {
    say(text) {
      erase();
      out.write(`${text}\n`);
    },
    progress(nowMs, campaigns, views) {
      if (!live && performance.now() - lastLineMs < linesEveryMs) return;
      lastLineMs = performance.now();
      const lines = views.map((view, index) => progressLine(campaigns[index]?.name ?? "", view));
      erase();
      out.write(`${clockText(nowMs)} IST\n${lines.join("\n")}\n`);
      drawn = live ? lines.length + 1 : 0;
    },
  };
}

function progressLine(name: string, view: DemoProgress): string {
  const { funnel } = view;
  const over = view.contacts - funnel.waiting.contacts - funnel.planned.contacts;
  const filled = view.contacts === 0 ? 0 : Math.round((over / view.contacts) * barWidth);
  const bar = "█".repeat(filled).padEnd(barWidth, "░");
  const counts = `reached ${funnel.done.contacts + funnel.held.contacts}  not reached ${funnel.exhausted.contacts}  blocked ${funnel.blocked.contacts}  waiting ${funnel.waiting.contacts}`;
  return `  ${name.padEnd(16)} ${bar} live ${String(view.live_calls).padStart(3)}  ${counts}${whyWaiting(view)}`;
}

/** Why those who wait are waiting, as the service itself tells it. */
function whyWaiting(view: DemoProgress): string {
  const reasons = view.not_dialing_because.filter((reason) => reason.contacts > 0).map((reason) => `${reason.reason} ${reason.contacts}`);
  return reasons.length === 0 ? "" : ` (${reasons.join(", ")})`;
}
