import type { InspectedFunction } from '../events.js';
import { fill, h } from './dom.js';
import { requestForm, runForm } from './form.js';
import type { Store } from './store.js';

/** Each function, with what acts on it, and a form that calls it. */
export class FunctionsView {
  readonly element = h('div', { className: 'page' });
  readonly #store: Store;
  /** By function: what its form is made of, and where what acts on it is shown. */
  readonly #cards = new Map<string, { of: string; element: HTMLElement; actors: HTMLElement }>();

  constructor(store: Store) {
    this.#store = store;
  }

  update(): void {
    const functions = this.#store.app?.functions ?? [];
    const cards = functions.map((one) => this.#cardOf(one));
    const isSame =
      this.element.childElementCount === cards.length + 1 &&
      cards.every(({ element }) => element.parentElement === this.element);
    // Forms that are being filled in stay.
    if (!isSame) {
      fill(
        this.element,
        h('h1', {}, 'Functions'),
        ...cards.map(({ element }) => element),
        functions.length === 0 &&
          h('p', { className: 'hint' }, 'The app has no function, or does not run.'),
      );
    }
    functions.forEach((one, at) => fill(cards[at]?.actors ?? h('div'), ...this.#actorsOn(one)));
  }

  #cardOf(one: InspectedFunction) {
    const of = JSON.stringify(one);
    const known = this.#cards.get(one.name);
    if (known?.of === of) {
      return known;
    }
    const actors = h('div', { className: 'actors' });
    const card = { of, actors, element: cardView(one, actors) };
    this.#cards.set(one.name, card);
    return card;
  }

  /** Extensions that have acted on a function, and those that never have. */
  #actorsOn({ name }: InspectedFunction): (HTMLElement | false)[] {
    const all = (this.#store.app?.extensions ?? []).map((extension) => ({
      extension,
      count: this.#store.deedsOf(extension.id).on.get(name) ?? 0,
    }));
    const hasRun = [...this.#store.invocations.values()].some(
      ({ started }) => started.function === name && started.isWatched,
    );
    const acting = all.filter(({ count }) => count > 0);
    const others = all.filter(({ count }) => count === 0);
    if (all.length === 0) {
      return [h('p', { className: 'quiet' }, 'The app has no extension.')];
    }
    if (!hasRun) {
      return [h('p', { className: 'quiet' }, 'Call it to see which extensions act on it.')];
    }
    return [
      acting.length > 0 &&
        h(
          'p',
          {},
          'Acting on it: ',
          ...listed(acting.map(({ extension, count }) => `${extension.name} (${count}×)`)),
        ),
      others.length > 0 &&
        h(
          'p',
          { className: 'quiet' },
          'Never has: ',
          ...listed(others.map(({ extension }) => extension.name)),
        ),
    ];
  }
}

function listed(texts: readonly string[]): string[] {
  return [texts.join(', ')];
}

function cardView(one: InspectedFunction, actors: HTMLElement): HTMLElement {
  const { name, trigger, route, methods, off } = one;
  const isHttp = route !== undefined;
  return h(
    'article',
    { className: 'card' },
    h(
      'header',
      {},
      h('h2', {}, name),
      h('span', { className: `state ${off === undefined ? 'on' : 'off'}` }, off ?? 'enabled'),
    ),
    h(
      'p',
      { className: 'target' },
      isHttp ? `${methods?.join(', ') ?? 'any method'} /${route}` : trigger,
    ),
    actors,
    off === undefined &&
      h(
        'details',
        {},
        h('summary', {}, isHttp ? 'Send a request' : 'Run it by hand'),
        isHttp ? requestForm(one) : runForm(one),
      ),
  );
}
