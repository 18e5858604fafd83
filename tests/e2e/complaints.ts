import type { Page } from "playwright-core";

/** Everything that a page complains of, as it comes: errors, Vega's warnings, failed requests. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // JupyterLab warns of a slow machine too; Vega's warnings, which begin so, are about the charts.
    const ofVega = message.type() === "warning" && message.text().startsWith("WARN");
    if (ofVega || message.type() === "error")
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(`page error: ${error.stack ?? error}`));
  page.on("requestfailed", (request) =>
    complaints.push(`failed request: ${request.url()} ${request.failure()?.errorText}`),
  );
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answer ${response.status()}: ${response.url()}`);
  });
  return complaints;
}
