const PRESSABLE = 'a, button, input, label, summary, textarea, select';

let isPressed = false;
let waiting: (() => void) | undefined;

/**
 * Calls back at once, or, while something is pressed, when it is let go. A button that is rendered
 * again between the two gets no click.
 */
export function whenNothingIsPressed(callback: () => void): void {
  if (isPressed) {
    waiting = callback;
  } else {
    callback();
  }
}

function press(event: Event): void {
  isPressed = event.target instanceof Element && event.target.closest(PRESSABLE) !== null;
}

function release(): void {
  isPressed = false;
  // The click comes after what ends the press.
  setTimeout(() => {
    if (!isPressed) {
      const callback = waiting;
      waiting = undefined;
      callback?.();
    }
  });
}

addEventListener('pointerdown', press, true);
for (const end of ['pointerup', 'pointercancel']) {
  addEventListener(end, release, true);
}
// Of the window: what comes from within it does not bubble.
addEventListener('blur', release);
// A button that has the focus is pressed by the space bar, and clicked when that is let go.
addEventListener('keydown', (event) => event.key === ' ' && press(event), true);
addEventListener('keyup', (event) => event.key === ' ' && release(), true);
