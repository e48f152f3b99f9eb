import type { Document } from './document.ts';

export type OutputFormat = 'text' | 'json' | 'ndjson';

/** How a document is printed. */
export interface Format {
  readonly output: OutputFormat;
  /** A path into the document, whose value alone is printed. */
  readonly field: string | null;
}

export const progressModes = ['auto', 'plain', 'json', 'none'] as const;

/** How stderr shows the waiting. */
export type ProgressMode = (typeof progressModes)[number];

/** What a command answers: the document, and how to print it. */
export interface Answer {
  readonly document: Document;
  readonly format: Format;
}
