import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Express } from "express";
import { pagePolicy } from "./security-headers.ts";

/** Swagger UI writes style attributes; everything else stays as strict as on our own pages. */
const docsPolicy = pagePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of the campaign dialer</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true, validatorUrl: null });
`;

/** `/openapi.json` describes the API; `/docs` shows it, from files of this machine only. */
export function docsPage(app: Express, document: object): void {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const text = JSON.stringify(document);
  app.get("/openapi.json", (_request, response) => {
    response.type("application/json").send(text);
  });
  app.use(["/docs", "/docs/"], (_request, response, next) => {
    response.setHeader("Content-Security-Policy", docsPolicy);
    next();
  });
  app.get("/docs", (_request, response) => {
    response.type("html").send(page);
  });
  app.get("/docs/start.js", (_request, response) => {
    response.type("text/javascript").send(start);
  });
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"]) {
    app.get(`/docs/${file}`, (_request, response) => response.sendFile(join(folder, file)));
  }
}
