import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { createCall, send } from "./carrier-create.ts";
import { isVisible, listCalls } from "./carrier-list.ts";
import { type Form, one, readRecordingOrder } from "./carrier-parameters.ts";
import { recordingWav, type SimRecording } from "./carrier-recording.ts";
import { changeRecording, deleteRecording, startRecording } from "./carrier-recordings.ts";
import { bad, notFound, refusalBody, type RestRefusal, tooManyRequests, unauthorised } from "./carrier-refusal.ts";
import { callResource, eventResources, recordingResource } from "./carrier-resource.ts";
import { updateCall } from "./carrier-update.ts";

/** Where the REST interface lives. */
export const restPath = "/2010-04-01";

/** The carrier's REST interface: calls, their events and recordings, and the account itself. */
export function carrierRest(context: CarrierContext): Express {
  const { world } = context;
  const app = express();
  const account = `${restPath}/Accounts/${world.accountSid}`;
  let requestsAtOnce = 0;
  let requests = 0;

  const refuse = (response: Response, refusal: RestRefusal): void => void response.status(refusal.status).json(refusalBody(refusal));
  const found = (request: Request, response: Response, use: (call: SimCall) => void): void => {
    const call = context.calls.get(String(request.params["call"]));
    if (call && isVisible(context, call)) use(call);
    else refuse(response, notFound(request.path));
  };
  const withRecording = (request: Request, response: Response, use: (call: SimCall, recording: SimRecording) => void): void => {
    const sid = String(request.params["recording"]);
    for (const call of context.calls.values()) {
      const recording = call.recordings.find((one) => one.sid === sid);
      if (recording) return use(call, recording);
    }
    refuse(response, notFound(request.path));
  };

  app.disable("x-powered-by");
  app.use(express.text({ type: "application/x-www-form-urlencoded", limit: "64kb" }));
  app.use((request: Request, response: Response, next: NextFunction) => {
    requests += 1;
    response.setHeader("twilio-request-id", world.newSid("RQ", world.randomFor(`request ${requests}`)));
    response.on("finish", () => writeDown(context, request, response.statusCode));
    requestsAtOnce += 1;
    response.on("close", () => {
      requestsAtOnce -= 1;
    });
    if (!isAuthorised(context, request)) {
      world.ledger.error("unauthorised", `${request.method} ${request.path}`);
      return refuse(response, unauthorised);
    }
    if (requestsAtOnce > (context.options.concurrentRequests ?? 100)) return refuse(response, tooManyRequests);
    next();
  });

  app.post(`${account}/Calls.json`, async (request, response) => send(request, response, await createCall(context, formOf(request)), refusalBody));
  app.get(`${account}/Calls.json`, (request, response) => {
    const status = world.faults.drawList();
    if (status !== undefined) return void response.status(status).json({ message: "list failed" });
    response.json(listCalls(context, queryOf(request)));
  });
  app.get(`${account}/Calls/:call.json`, (request, response) => found(request, response, (call) => void response.json(callResource(context, call))));
  app.post(`${account}/Calls/:call.json`, (request, response) =>
    found(request, response, (call) => {
      const refusal = updateCall(context, call, formOf(request));
      if (refusal) refuse(response, refusal);
      else response.json(callResource(context, call));
    }),
  );
  app.get(`${account}/Calls/:call/Events.json`, (request, response) =>
    found(request, response, (call) => void response.json({ events: eventResources(call), page: 0, page_size: 50, start: 0, end: 0, uri: request.originalUrl, first_page_uri: request.originalUrl, next_page_uri: null, previous_page_uri: null })),
  );
  app.post(`${account}/Calls/:call/Recordings.json`, (request, response) =>
    found(request, response, (call) => {
      if (call.status !== "in-progress") return refuse(response, bad(21220, "Call is not in progress"));
      response.status(201).json(recordingResource(context, startRecording(context, call, readRecordingOrder(formOf(request)), "StartCallRecordingAPI")));
    }),
  );
  app.get(`${account}/Calls/:call/Recordings.json`, (request, response) =>
    found(request, response, (call) => void response.json({ recordings: call.recordings.map((recording) => recordingResource(context, recording)), page: 0, page_size: 50, next_page_uri: null, uri: request.originalUrl })),
  );
  app.post(`${account}/Calls/:call/Recordings/:recording.json`, (request, response) =>
    withRecording(request, response, (call, recording) => {
      const status = one(formOf(request), "Status");
      if (status !== "paused" && status !== "in-progress" && status !== "stopped") return refuse(response, bad(20001, `Invalid Status ${status ?? ""}`));
      changeRecording(context, call, recording, status);
      response.json(recordingResource(context, recording));
    }),
  );
  app.get(`${account}/Recordings/:recording.json`, (request, response) => withRecording(request, response, (_, recording) => void response.json(recordingResource(context, recording))));
  app.delete(`${account}/Recordings/:recording.json`, (request, response) =>
    withRecording(request, response, (call, recording) => {
      deleteRecording(context, call, recording);
      response.status(204).end();
    }),
  );
  app.get(`${account}/Recordings/:recording.wav`, (request, response) => withRecording(request, response, (_, recording) => void response.type("audio/wav").send(Buffer.from(recordingWav(recording)))));
  app.get(`${account}.json`, (_request, response) => void response.json({ sid: world.accountSid, friendly_name: "Phone world", status: "active", type: "Full" }));
  app.use((request: Request, response: Response) => {
    world.ledger.error("unknown_route", `${request.method} ${request.path}`);
    refuse(response, notFound(request.path));
  });
  return app;
}

function isAuthorised(context: CarrierContext, request: Request): boolean {
  const { accountSid, authToken } = context.world;
  const [scheme, credentials] = (request.headers.authorization ?? "").split(" ");
  return scheme === "Basic" && Buffer.from(credentials ?? "", "base64").toString("utf8") === `${accountSid}:${authToken}`;
}

function writeDown(context: CarrierContext, request: Request, status: number): void {
  context.world.ledger.record({ kind: "request", method: request.method, path: request.path, form: formOf(request), status });
}

function formOf(request: Request): Form {
  const body: unknown = request.body;
  const form: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(typeof body === "string" ? body : "")) {
    const before = form[name];
    form[name] = before === undefined ? value : [before, value].flat();
  }
  return form;
}

function queryOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, "http://carrier").searchParams;
}
