import { existsSync, mkdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

/** Debian's Chromium; Playwright's own download is not needed. */
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));
/** Where screenshots go when somebody wants to look at the page. */
const screenshots = process.env["SCREENSHOTS"];

const hostileName = '<img src=x onerror="document.title=\'broken\'">';
const list = [
  "Mobile No.,name,amount_due,due_date,birth_year",
  `9876543210,"${hostileName.replaceAll('"', '""')}",4500,25/12/2026,1975`,
  '98765 43211,सुनीता,"₹ 1,20,000",2026-12-26,1980',
  "9.87E+09,Ravi,4500,2026-12-26,1975",
  "9876543212,Uma,lots,31/02/2026,1975",
].join("\n");

describe.runIf(executablePath)("the console in a browser", () => {
  let api: ApiFixture;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    api = await apiFixture();
    browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => {
      if (message.type() === "error" && !/40[49]/.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== api.origin && !request.url().startsWith("blob:")) complaints.push(`asked ${request.url()}`);
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  const shot = async (name: string): Promise<void> => {
    if (!screenshots) return;
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
  };

  it("signs in with a key that stays in the tab", async () => {
    await page.goto(api.origin);
    await page.getByLabel("API key").fill("vd_live_wrong_key_of_nobody");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("expected a valid API key").waitFor();
    await shot("1-sign-in");
    await page.getByLabel("API key").fill(api.key);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Campaigns" }).waitFor();
    expect(await page.evaluate("Object.keys(localStorage).length + document.cookie.length")).toBe(0);
    complaints.length = 0;
  });

  it("creates a campaign from a template", async () => {
    await page.getByLabel("Template").selectOption("emi-reminder");
    await page.getByLabel("Name").fill("December instalments");
    await shot("2-campaigns");
    await page.getByRole("button", { name: "Create draft" }).click();
    await page.getByRole("heading", { name: "December instalments" }).waitFor();
    await page.getByText("No contacts yet").waitFor();
  });

  it("uploads a list, shows each refused row, and hands the refused rows back", async () => {
    await page.getByLabel(/CSV file/).setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
    await page.getByRole("button", { name: "Upload" }).click();
    await page.getByText("4 rows: 2 came in, 2 were refused.").waitFor();
    await page.getByRole("cell", { name: "9.87E+09" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /Download the refused rows/ }).click()]);
    expect(download.suggestedFilename()).toMatch(/^rejects-.*\.csv$/);
  });

  it("checks before the start and shows progress without a reload", async () => {
    await page.getByText("may be called").waitFor();
    await expect.poll(async () => {
      api.clock.advance(1_000);
      return page.getByRole("img", { name: "waiting 2" }).count();
    }).toBe(1);
    await shot("3-draft");
  });

  it("starts only after the missing papers are vouched for, then pauses and resumes", async () => {
    await page.getByRole("button", { name: "Start" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Papers are missing").waitFor();
    for (const box of await dialog.getByRole("checkbox").all()) await box.check();
    await shot("4-papers");
    await dialog.getByRole("button", { name: /I vouch/ }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect((await api.db.selectFrom("campaigns").select(["state", "acknowledged"]).executeTakeFirstOrThrow()).state).toBe("running");
  });

  it("shows outcomes and the call behind them; a hostile name stays a text", async () => {
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByRole("button", { name: hostileName }).click();
    await page.getByRole("dialog").getByText("Not called yet.").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    expect(await page.title()).not.toContain("broken");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV", exact: true }).click()]);
    expect(download.suggestedFilename()).toMatch(/^outcomes-.*\.csv$/);
    await page.getByRole("button", { name: "Sum up" }).click();
    await page.getByText("connect rate", { exact: true }).waitFor();
    await shot("5-running");
  });

  it("fits a telephone's screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    await shot("6-narrow");
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it("every field has a name, and the keyboard reaches the controls", async () => {
    expect(await page.evaluate("[...document.querySelectorAll('input,select,textarea')].filter((field) => !field.labels?.length).length")).toBe(0);
    await page.getByText("Skip to content").focus();
    const reached: unknown[] = [];
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate("document.activeElement.textContent.trim()"));
    }
    expect(reached).toEqual(["Campaign dialer", "API", "Sign out", "← All campaigns", "Pause", "Cancel"]);
  });

  it("says when there is no such campaign, and nothing to start", async () => {
    const unknown = "01900000-0000-7000-8000-000000000000";
    await page.goto(`${api.origin}/#/campaigns/${unknown}`);
    await page.getByRole("heading", { name: "No such campaign" }).waitFor();
    expect(await page.getByRole("button", { name: "Upload" }).count()).toBe(0);
    await page.getByRole("link", { name: "← All campaigns" }).click();
    await page.getByRole("heading", { name: "Campaigns", exact: true }).waitFor();
    expect(await page.title()).toBe("Campaign dialer");
  });

  it("asks for a list before it asks for papers", async () => {
    await page.getByLabel("Name").fill("Nobody yet");
    await page.getByRole("button", { name: "Create draft" }).click();
    await page.getByText("No contacts yet").waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("alert").getByText("upload a list first").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("signs out, and the documentation is shown from this machine", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${api.origin}/docs`);
    await page.getByText("Create a campaign from a definition or a template").waitFor();
    await shot("7-docs");
  });

  it("broke no content security policy, asked no other host, and threw nothing", () => {
    expect(complaints).toEqual([]);
  });
});
