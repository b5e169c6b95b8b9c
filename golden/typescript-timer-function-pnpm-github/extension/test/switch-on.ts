interface Extension<Options> {
  new (target: string, options?: Options): { dispose(): void };
}

/** The instance of each extension that is on. */
const instances = new Map<unknown, { dispose(): void }>();

/** Switches an extension on for `say-hello`, as a customer does. An earlier instance goes. */
export function switchOn<Options>(extension: Extension<Options>, options?: Options): void {
  switchOff(extension);
  instances.set(extension, new extension('say-hello', options));
}

/** Switches an extension off. */
export function switchOff<Options>(extension: Extension<Options>): void {
  instances.get(extension)?.dispose();
}
