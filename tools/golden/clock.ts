/* Loaded before the program, so that what it makes does not depend on the day: `node --import`. */
const NOW = '2026-01-15T12:00:00Z';

globalThis.Date = class extends Date {
  constructor(...values: [] | ConstructorParameters<DateConstructor>) {
    if (values.length === 0) {
      super(NOW);
    } else {
      super(...values);
    }
  }
} as DateConstructor;
