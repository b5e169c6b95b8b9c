import type { Language } from './answers.js';

/**
 * A kind of extension. Its files are in the folder `templates/<id>`, and those in Python in
 * `templates/python/<id>`.
 */
export interface Template {
  id: string;
  /** One line, for the question and for `--help`. */
  summary: string;
  /** Name of the extension unless another one is given. */
  defaultName: string;
  /** Description of the emitted package unless another one is given. */
  defaultDescription: string;
  /** The languages that it is there in. Default: TypeScript only. */
  languages?: readonly Language[];
  /** The options with which an app begins, if any. */
  options?: Record<string, unknown>;
  /** App settings that the extension reads, with values for local use. Default: none. */
  settings?: Record<string, string>;
  /** Headers that a request to the sample needs. Default: none. */
  headers?: Record<string, string>;
}

/**
 * All templates, the default one first. A new one is an entry here and a folder under `templates/`.
 */
export const catalogue: readonly Template[] = [
  {
    id: 'timer',
    summary: 'reports the elapsed time of each invocation',
    defaultName: 'timer',
    defaultDescription:
      'Azure Functions worker extension that reports the elapsed time of each invocation',
    languages: ['typescript', 'python'],
    options: { appendToHttpResponse: true },
  },
  {
    id: 'blank',
    summary: 'has every hook, and does next to nothing in them',
    defaultName: 'blank',
    defaultDescription: 'Azure Functions worker extension',
    languages: ['typescript', 'python'],
  },
  {
    id: 'guard',
    summary: 'refuses HTTP requests that are not authorized, before the function runs',
    defaultName: 'guard',
    defaultDescription:
      'Azure Functions worker extension that refuses HTTP requests which are not authorized',
    settings: { GUARD_API_KEY: 'local-key' },
    headers: { 'x-api-key': 'local-key' },
  },
  {
    id: 'problem-details',
    summary: 'answers the errors of HTTP functions as problem details (RFC 9457)',
    defaultName: 'problem-details',
    defaultDescription:
      'Azure Functions worker extension that answers the errors of HTTP functions as problem details',
  },
  {
    id: 'tracing',
    summary: 'traces each invocation with OpenTelemetry',
    defaultName: 'tracing',
    defaultDescription:
      'Azure Functions worker extension that traces each invocation with OpenTelemetry',
  },
];

/** @throws Error for an id that is not in the catalogue. */
export function templateOf(id: string): Template {
  const template = catalogue.find((one) => one.id === id);
  if (!template) {
    throw new Error(`There is no template "${id}".`);
  }
  return template;
}

/** The ids of the templates that are there in a language. */
export function templatesIn(language: Language): string[] {
  return catalogue
    .filter(({ languages = ['typescript'] }) => languages.includes(language))
    .map(({ id }) => id);
}
