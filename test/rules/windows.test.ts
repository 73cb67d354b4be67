import { describe, expect, it } from "vitest";
import { facts, promotion, verdictAt } from "./facts-fixture.ts";

describe("recovery calls", () => {
  it("start from 08:00:00 and not at 19:00:00", () => {
    expect(verdictAt(facts(), "2026-11-23 07:59:59")).toBe("wait 2026-11-23 08:00:00 outside_recovery_window");
    expect(verdictAt(facts(), "2026-11-23 08:00:00")).toBe("call");
    expect(verdictAt(facts(), "2026-11-23 18:59:59")).toBe("call");
    expect(verdictAt(facts(), "2026-11-23 19:00:00")).toBe("wait 2026-11-24 08:00:00 outside_recovery_window");
  });

  it("on microfinance loans keep 09:00–18:00 to the last day of 2026, and the common window from the first of 2027", () => {
    const micro = facts({ microfinance: true });
    expect(verdictAt(micro, "2026-12-31 08:59:59")).toBe("wait 2026-12-31 09:00:00 outside_microfinance_window");
    expect(verdictAt(micro, "2026-12-31 17:59:59")).toBe("call");
    expect(verdictAt(micro, "2026-12-31 18:00:00")).toBe("wait 2027-01-01 08:00:00 outside_recovery_window");
    expect(verdictAt(micro, "2026-12-31 23:59:59")).toBe("wait 2027-01-01 08:00:00 outside_recovery_window");
    expect(verdictAt(micro, "2027-01-01 08:00:00")).toBe("call");
    expect(verdictAt(micro, "2027-01-01 18:30:00")).toBe("call");
    expect(verdictAt(micro, "2027-01-01 19:00:00")).toBe("wait 2027-01-02 08:00:00 outside_recovery_window");
  });

  it("on other loans do not notice the new year", () => {
    expect(verdictAt(facts(), "2026-12-31 18:59:59")).toBe("call");
    expect(verdictAt(facts(), "2026-12-31 19:00:00")).toBe("wait 2027-01-01 08:00:00 outside_recovery_window");
    expect(verdictAt(facts(), "2027-01-01 07:59:59")).toBe("wait 2027-01-01 08:00:00 outside_recovery_window");
  });

  it("know the leap day", () => {
    expect(verdictAt(facts(), "2028-02-28 19:00")).toBe("wait 2028-02-29 08:00:00 outside_recovery_window");
    expect(verdictAt(facts(), "2028-02-29 12:00")).toBe("call");
    expect(verdictAt(facts(), "2028-02-29 23:59")).toBe("wait 2028-03-01 08:00:00 outside_recovery_window");
  });
});

describe("promotional calls", () => {
  it("start from 10:00:00 and not at 21:00:00", () => {
    expect(verdictAt(promotion("2026-11-23"), "2026-11-23 09:59:59")).toBe("wait 2026-11-23 10:00:00 outside_promotional_window");
    expect(verdictAt(promotion("2026-11-23"), "2026-11-23 10:00:00")).toBe("call");
    expect(verdictAt(promotion("2026-11-23"), "2026-11-23 20:59:59")).toBe("call");
    expect(verdictAt(promotion("2026-11-23"), "2026-11-23 21:00:00")).toBe("wait 2026-11-24 10:00:00 outside_promotional_window");
  });
});

describe("reminders and service calls", () => {
  it("start from 09:00:00 and not at 20:00:00", () => {
    for (const purpose of ["reminder", "service"] as const) {
      expect(verdictAt(facts({ purpose }), "2026-11-23 08:59:59")).toBe("wait 2026-11-23 09:00:00 outside_service_window");
      expect(verdictAt(facts({ purpose }), "2026-11-23 19:59:59")).toBe("call");
      expect(verdictAt(facts({ purpose }), "2026-11-23 20:00:00")).toBe("wait 2026-11-24 09:00:00 outside_service_window");
    }
  });
});

describe("transactional calls", () => {
  const transaction = facts({ purpose: "transactional", consentBasis: null, addedAtMs: Date.parse("2026-11-23T23:50:00+05:30") });

  it("go out at any hour within 30 minutes, across midnight, and never later", () => {
    expect(verdictAt(transaction, "2026-11-24 00:19:59")).toBe("call");
    expect(verdictAt(transaction, "2026-11-24 00:20:00")).toBe("never transaction_too_old");
  });
});

describe("a campaign's own window", () => {
  it("narrows the law's and never widens it", () => {
    expect(verdictAt(facts({ window: { from: "06:00", to: "23:00" } }), "2026-11-23 19:30")).toBe("wait 2026-11-24 08:00:00 outside_recovery_window");
    expect(verdictAt(facts({ window: { from: "11:00", to: "12:00" } }), "2026-11-23 12:00")).toBe("wait 2026-11-24 11:00:00 outside_campaign_window");
  });

  it("keeps its days", () => {
    const weekdays = facts({ window: { from: "10:00", to: "18:00", days: [1, 2, 3, 4, 5] } });
    expect(verdictAt(weekdays, "2026-11-27 18:00")).toBe("wait 2026-11-30 10:00:00 outside_campaign_window");
    expect(verdictAt(weekdays, "2026-11-28 12:00")).toBe("wait 2026-11-30 10:00:00 outside_campaign_window");
  });

  it("that contains no hour is refused", () => {
    expect(verdictAt(facts({ window: { from: "18:00", to: "10:00" } }), "2026-11-23 12:00")).toBe("never definition_window_empty");
  });
});

describe("the dates given with a contact", () => {
  it("are waited for, and end the trying", () => {
    expect(verdictAt(facts({ notBeforeMs: Date.parse("2026-11-25T14:00:00+05:30") }), "2026-11-23 12:00")).toBe("wait 2026-11-25 14:00:00 not_before");
    expect(verdictAt(facts({ notAfterMs: Date.parse("2026-11-23T12:00:00+05:30") }), "2026-11-23 12:00")).toBe("never not_after_passed");
    expect(verdictAt(facts({ notAfterMs: Date.parse("2026-11-23T12:00:00+05:30") }), "2026-11-23 11:59:59")).toBe("call");
  });
});
