import { cannotDecide, type CampaignRule, mayCall, never, waitUntil } from "../rule.ts";
import { declarationsNaming, paperHolds } from "../sender-papers.ts";

/**
 * An automated call whose sender did not declare it, with the very number it presents, is unsolicited by definition.
 * The day from which the declaration is a duty was inferred (60 days after 18 September 2026); the notice of auto-dialers to
 * the operator has been one since 2025, so the earlier day counts.
 */
export const a2pDeclaration: CampaignRule = {
  id: "a2p-declaration",
  title: "The operator was told in advance of automated calls from this caller number",
  citations: ["TCCCPR Second Amendment 2025, regulation 4", "TCCCPR Third Amendment, 18 September 2026 (A2P calls)"],
  certainty: "several_sources",
  inForce: { from: "2025-03-14", to: null },
  about: "campaign",
  decide({ papers, callerNumber, acknowledged }, nowMs) {
    if (acknowledged.includes("no_a2p_declaration")) return mayCall();
    if (papers === "unknown") return cannotDecide("papers");
    if (callerNumber === "unknown") return cannotDecide("callerNumber");
    if (callerNumber === null) return mayCall();
    const state = paperHolds(declarationsNaming(papers, callerNumber), nowMs);
    if (state.holds) return mayCall();
    if (state.fromMs === null) return never("no_a2p_declaration", `no A2P declaration that is valid now names ${callerNumber}`);
    return waitUntil(state.fromMs, "a2p_declaration_not_yet_valid", `the A2P declaration that names ${callerNumber} is not valid yet`);
  },
};
