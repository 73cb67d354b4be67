// Prints "N passed, N failed" from vitest's JSON report; exits 1 when no test ran or the report is missing.
import { readFileSync } from "node:fs";

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
} catch (error) {
  console.log(`0 passed, 0 failed (no report: ${error.message})`);
  process.exit(1);
}
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped > 0 ? `, ${skipped} not run` : ""}`);
process.exit(report.numTotalTests > 0 && report.success ? 0 : 1);
