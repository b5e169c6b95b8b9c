interface Extension<Options> {
  configure(options?: Options): void;
  register(): void;
  dispose(): void;
}

/** Switches an extension on, as a customer does. What was set before no longer counts. */
export function switchOn<Options>(extension: Extension<Options>, options?: Options): void {
  extension.configure(options);
  extension.register();
}

/** Switches an extension off. */
export function switchOff<Options>(extension: Extension<Options>): void {
  extension.dispose();
}
