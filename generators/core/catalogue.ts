/** A kind of extension. Its files are in the folder `templates/<id>`. */
export interface Template {
  id: string;
  /** One line, for the question and for `--help`. */
  summary: string;
  /** Name of the extension unless another one is given. */
  defaultName: string;
  /** Description of the emitted package unless another one is given. */
  defaultDescription: string;
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
