import { compared, type Figure } from './figures.js';
import { measureInvocations } from './invocation-times.js';

/** What the emitted timer costs an invocation, and how that grows. */
export async function invocationFigures(): Promise<Figure[]> {
  const { none, byHand, timer, functionTimer } = await measureInvocations();
  const figure = (what: string, values: Record<string, number>): Figure => ({
    what,
    unit: 'µs',
    values,
    ratios: [],
  });
  return [
    compared(
      compared(
        figure('An invocation', {
          'without hooks': none,
          'with hooks by hand': byHand[1] ?? NaN,
          'with the timer at application level': timer[1] ?? NaN,
          'with the timer at function level': functionTimer[1] ?? NaN,
        }),
        'with the timer at application level',
        'with hooks by hand',
        0.8,
      ),
      'with the timer at function level',
      'with hooks by hand',
      1.5,
    ),
    compared(
      figure('An invocation with several timers at application level', {
        1: timer[1] ?? NaN,
        5: timer[5] ?? NaN,
        20: timer[20] ?? NaN,
        '20 pairs of hooks by hand': byHand[20] ?? NaN,
      }),
      '20',
      '20 pairs of hooks by hand',
      0.8,
    ),
    compared(
      figure('An invocation in an app with several functions, each with a timer', {
        10: functionTimer[10] ?? NaN,
        1000: functionTimer[1000] ?? NaN,
      }),
      '1000',
      '10',
      1.5,
    ),
  ];
}
