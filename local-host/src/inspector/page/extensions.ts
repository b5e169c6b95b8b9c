import type { InspectedExtension, InspectedHook } from '../events.js';
import { written } from './diff.js';
import { fill, h, notice } from './dom.js';
import { switchExtension } from './host.js';
import type { Deeds, Store } from './store.js';

/** Names of the places that the contract knows. */
const PLACES: Record<number, string> = {
  100: 'trace',
  200: 'measure',
  300: 'answerErrors',
  400: 'guard',
  500: 'adapt',
};

/** Each extension, from the outside in, with what it has done. */
export class ExtensionsView {
  readonly element = h('div', { className: 'page' });
  readonly #store: Store;
  /** Options that are open. */
  readonly #opened = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  update(): void {
    const { extensions = [], hooks = [] } = this.#store.app ?? {};
    fill(
      this.element,
      h('h1', {}, 'Extensions'),
      extensions.length > 0 &&
        h(
          'p',
          { className: 'quiet' },
          'From the outside in. Counts cover the time in which this page or another inspector was open.',
        ),
      ...extensions.map((one) => this.#cardOf(one)),
      extensions.length === 0 &&
        h('p', { className: 'hint' }, 'No extension has registered itself in this app.'),
      hooks.length > 0 && hooksView(hooks),
    );
  }

  #cardOf(extension: InspectedExtension): HTMLElement {
    const { id, name, place, failsClosed, hooks, options } = extension;
    const { acted, swallowed } = this.#store.deedsOf(id);
    const details = h(
      'details',
      { open: this.#opened.has(id) },
      h('summary', { key: `options ${id}` }, 'Options'),
      ...options.map((one) => h('pre', {}, written(one))),
    );
    details.addEventListener('toggle', () => {
      if (details.open) {
        this.#opened.add(id);
      } else {
        this.#opened.delete(id);
      }
    });
    return h(
      'article',
      { className: `card ${extension.isOff ? 'is-off' : ''}` },
      h('header', {}, h('h2', {}, name), switchView(extension)),
      h('p', { className: 'target' }, packageOf(extension)),
      h(
        'dl',
        { className: 'facts' },
        ...fact(
          'Place',
          PLACES[place] === undefined ? String(place) : `${place}, ${PLACES[place]}`,
        ),
        ...fact('Hooks', hooks.join(', ') || 'none'),
        ...fact('Acted', times({ acted })),
        ...fact('Errors skipped', failsClosed ? 'none, it fails closed' : String(swallowed)),
      ),
      options.length > 0 && details,
    );
  }
}

function times({ acted }: Pick<Deeds, 'acted'>): string {
  return acted === 1 ? 'once' : `${acted} times`;
}

function fact(name: string, value: string): HTMLElement[] {
  return [h('div', {}, h('dt', {}, name), h('dd', {}, value))];
}

function packageOf({ package: from }: Pick<InspectedExtension, 'package'>): string {
  return from
    ? `${from.name}${from.version === undefined ? '' : ` ${from.version}`}`
    : 'unknown package';
}

function switchView({ id, name, isOff, failsClosed }: InspectedExtension): HTMLElement {
  const note = `note-${id.replace(/\W/g, '-')}`;
  const button = h(
    'button',
    {
      type: 'button',
      className: 'switch',
      key: `switch ${id}`,
      attributes: {
        role: 'switch',
        'aria-checked': String(!isOff),
        'aria-label': `${name} is on for this run`,
        'aria-disabled': failsClosed ? 'true' : undefined,
        'aria-describedby': failsClosed ? note : undefined,
      },
    },
    h('span', { className: 'knob', attributes: { 'aria-hidden': 'true' } }),
    isOff ? 'Off' : 'On',
  );
  button.addEventListener('click', async () => {
    if (failsClosed) {
      notice(`${name} fails closed, so it cannot be switched off.`);
      return;
    }
    await switchExtension(id, isOff).catch((error: Error) => notice(error.message));
  });
  return h(
    'div',
    { className: 'switching' },
    failsClosed && h('span', { className: 'quiet', id: note }, 'fails closed: always on'),
    button,
  );
}

function hooksView(hooks: readonly InspectedHook[]): HTMLElement {
  return h(
    'section',
    {},
    h('h2', {}, 'Hooks without an extension'),
    h(
      'ul',
      { className: 'hooks' },
      ...hooks.map(({ hook, location, package: from }) =>
        h(
          'li',
          {},
          h('span', { className: 'what' }, hook),
          h('span', { className: 'quiet' }, [location, from?.name].filter(Boolean).join(' · ')),
        ),
      ),
    ),
  );
}
