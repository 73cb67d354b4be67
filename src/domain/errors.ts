/** One field of a request or a file that is wrong: where it stands ("" for the whole) and what was expected. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** HTTP statuses the doors may answer a refusal with. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503;

/**
 * A refusal that the asker can act on. Doors answer it as an RFC 9457 problem document; `code` is stable and
 * documented, `detail` says what was expected, what came and what to do. A request that is wrong (400, 422) always names its
 * fields: where only one thing is wrong, `path` says where, and the detail is its message.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: RefusalStatus;
  readonly code: string;
  /** Whether sending the same thing again later can succeed. */
  readonly retryable: boolean;
  readonly errors: readonly FieldProblem[];
  /** Further members of the problem document, in wire names. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: RefusalStatus,
    code: string,
    detail: string,
    more: { retryable?: boolean; errors?: readonly FieldProblem[]; path?: string; extra?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryable = more.retryable ?? (status === 429 || status === 503);
    const namesFields = status === 400 || status === 422 || more.path !== undefined;
    this.errors = more.errors?.length || !namesFields ? (more.errors ?? []) : [{ path: more.path ?? "", message: detail }];
    this.extra = more.extra ?? {};
  }
}

/** The kinds of vendor behind the ports. */
export type VendorKind = "carrier" | "transcriber" | "brain" | "voice" | "speech_model" | "queue" | "database";

/** A vendor failed. Translated once, in the adapter; `retryable` says whether the same request may be tried again. */
export class VendorError extends Error {
  override readonly name = "VendorError";
  readonly kind: VendorKind;
  readonly code: string;
  readonly retryable: boolean;

  constructor(kind: VendorKind, code: string, detail: string, retryable: boolean, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
    this.retryable = retryable;
  }
}
