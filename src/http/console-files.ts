import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import { pagePolicy } from "./security-headers.ts";

const folder = fileURLToPath(new URL("../console/", import.meta.url));

/** The operator's web page at `/`: plain files, no build, talks to the REST API only. */
export function consoleFiles(app: Express): void {
  app.use(
    express.static(folder, {
      index: "index.html",
      redirect: false,
      dotfiles: "ignore",
      extensions: false,
      setHeaders: (response) => {
        response.setHeader("Content-Security-Policy", pagePolicy);
        response.setHeader("Cache-Control", "no-cache");
      },
    }),
  );
}
