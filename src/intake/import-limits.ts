/** What one import may be at most. Anything above is refused or reported, never buffered. */
export interface ImportLimits {
  /** Bytes of the whole body. */
  maxBytes: number;
  /** Data rows of one file. */
  maxRows: number;
  /** Columns of the header. */
  maxColumns: number;
  /** UTF-8 bytes of one cell. */
  maxFieldBytes: number;
  /** Characters of one record, line breaks inside quotes included. */
  maxRecordChars: number;
}

export const importLimits = {
  maxBytes: 50 * 1024 * 1024,
  maxRows: 1_000_000,
  maxColumns: 64,
  maxFieldBytes: 4_096,
  maxRecordChars: 16_384,
} as const satisfies ImportLimits;

/** Longest name and longest id of the operator's own system, in characters. */
export const maxNameChars = 120;
export const maxExternalIdChars = 128;
