import type { Shown, ShownBody } from '../events.js';
import { toCurl } from './curl.js';
import { written } from './diff.js';
import { clock, duration, fill, h, notice, size } from './dom.js';
import { runAgain } from './host.js';
import {
  type Invocation,
  isOver,
  lengthOf,
  outcomeOf,
  pathOf,
  statusOf,
  type Store,
} from './store.js';
import { errorView, valueView, waterfall } from './waterfall.js';

interface Row {
  readonly element: HTMLElement;
  readonly link: HTMLAnchorElement;
}

/** The list of invocations, and one of them, opened. */
export class InvocationsView {
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #rows = new Map<string, Row>();
  readonly #list = h('ol', { className: 'invocations' });
  readonly #detail = h('div', { className: 'detail' });
  readonly #empty = h('div', { className: 'empty' });
  readonly #filter: HTMLInputElement;
  readonly #failures: HTMLInputElement;
  /** By invocation: rows of its waterfall that are open. */
  readonly #opened = new Map<string, Set<string>>();
  #selected: string | undefined;
  #tabStop: HTMLElement | undefined;
  /** What the text for an empty list has been made of. */
  #emptyFor = '';

  constructor(store: Store) {
    this.#store = store;
    this.#filter = h('input', {
      type: 'search',
      placeholder: 'Filter',
      attributes: { 'aria-label': 'Filter by function, path or status' },
    });
    this.#failures = h('input', { type: 'checkbox' });
    for (const input of [this.#filter, this.#failures]) {
      input.addEventListener('input', () => this.#applyFilter());
    }
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
    this.element = h(
      'div',
      { className: 'split' },
      h('h1', { className: 'hidden' }, 'Invocations'),
      h(
        'div',
        { className: 'master' },
        h(
          'div',
          { className: 'filter', attributes: { role: 'search' } },
          this.#filter,
          h('label', {}, this.#failures, 'Errors only'),
        ),
        this.#empty,
        this.#list,
      ),
      this.#detail,
    );
  }

  /** Shows what has changed. */
  update(changed: ReadonlySet<Invocation>): void {
    const added: HTMLElement[] = [];
    for (const invocation of changed) {
      const known = this.#rows.get(invocation.id);
      const row = known ?? this.#newRow(invocation);
      fillRow(row.link, invocation);
      row.element.hidden = !this.#matches(invocation);
      if (!known) {
        added.unshift(row.element);
      }
    }
    this.#list.prepend(...added);
    for (const [id, { element }] of this.#rows) {
      if (!this.#store.invocations.has(id)) {
        element.remove();
        this.#rows.delete(id);
        this.#opened.delete(id);
      }
    }
    this.#showEmpty();
    this.#setTabStop();
    if (this.#selected === undefined || [...changed].some(({ id }) => id === this.#selected)) {
      this.#showDetail();
    }
  }

  clear(): void {
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  /** @param id Nothing: no invocation is opened. */
  select(id: string | undefined): void {
    if (this.#selected !== undefined) {
      this.#rows.get(this.#selected)?.link.removeAttribute('aria-current');
    }
    this.#selected = id;
    this.element.classList.toggle('opened', id !== undefined);
    if (id !== undefined) {
      this.#rows.get(id)?.link.setAttribute('aria-current', 'true');
    }
    this.#setTabStop();
    this.#showDetail();
    this.#detail.scrollTop = 0;
  }

  #newRow({ id }: Invocation): Row {
    const link = h('a', {
      href: `#/invocations/${id}`,
      tabIndex: -1,
      ...(id === this.#selected && { attributes: { 'aria-current': 'true' } }),
    });
    const row = { link, element: h('li', {}, link) };
    this.#rows.set(id, row);
    return row;
  }

  #matches(invocation: Invocation): boolean {
    const { started } = invocation;
    const words = this.#filter.value.toLowerCase().split(/\s+/);
    const text = [
      started.function,
      started.trigger,
      statusOf(invocation),
      started.request?.method,
      started.request?.url,
    ]
      .join(' ')
      .toLowerCase();
    const isError = ['failed', 'refused'].includes(outcomeOf(invocation));
    return words.every((word) => text.includes(word)) && (isError || !this.#failures.checked);
  }

  #applyFilter(): void {
    for (const [id, { element }] of this.#rows) {
      const invocation = this.#store.invocations.get(id);
      element.hidden = !invocation || !this.#matches(invocation);
    }
    this.#showEmpty();
    this.#setTabStop();
  }

  #showEmpty(): void {
    const isEmpty = this.#list.querySelector('li:not([hidden])') === null;
    this.#empty.hidden = !isEmpty;
    const first = this.#store.app?.functions.find(({ route, off }) => route && !off);
    const state = `${this.#rows.size > 0} ${first?.name}`;
    if (!isEmpty || this.#emptyFor === state) {
      return;
    }
    this.#emptyFor = state;
    fill(
      this.#empty,
      this.#rows.size > 0
        ? h('p', {}, 'No invocation matches.')
        : [
            h('p', {}, 'No invocation yet. Call a function, and it appears here.'),
            first &&
              h(
                'pre',
                {},
                `curl ${location.origin}/${(first.route ?? '').replace(/\{[^}]*\}/g, '1')}`,
              ),
            h('p', {}, h('a', { href: '#/functions' }, 'Send a request')),
          ],
    );
  }

  /** One of the list can be reached by Tab, and from there the others by the arrow keys. */
  #setTabStop(): void {
    const selected = this.#selected === undefined ? undefined : this.#rows.get(this.#selected);
    const stop =
      selected && !selected.element.hidden
        ? selected.link
        : this.#list.querySelector<HTMLElement>('li:not([hidden]) a');
    if (stop && stop !== this.#tabStop) {
      if (this.#tabStop) {
        this.#tabStop.tabIndex = -1;
      }
      stop.tabIndex = 0;
      this.#tabStop = stop;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const links = [...this.#list.querySelectorAll<HTMLAnchorElement>('li:not([hidden]) a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = links[at + step];
    if (next) {
      event.preventDefault();
      next.focus();
      location.replace(next.href);
    }
  }

  #showDetail(): void {
    const invocation =
      this.#selected === undefined ? undefined : this.#store.invocations.get(this.#selected);
    if (!invocation) {
      fill(
        this.#detail,
        h(
          'p',
          { className: 'hint' },
          this.#selected === undefined
            ? this.#rows.size > 0 && 'Choose an invocation to see what ran around it.'
            : 'This invocation is no longer kept. The host keeps the last 1,000.',
        ),
      );
      return;
    }
    const opened = this.#opened.get(invocation.id) ?? new Set();
    this.#opened.set(invocation.id, opened);
    fill(this.#detail, ...detailOf(invocation, opened));
  }
}

function fillRow(link: HTMLElement, invocation: Invocation): void {
  const { started } = invocation;
  const outcome = outcomeOf(invocation);
  fill(
    link,
    statusBadge(invocation),
    h(
      'span',
      { className: 'what' },
      h('span', { className: 'function' }, started.function),
      h(
        'span',
        { className: 'quiet path' },
        started.request
          ? `${started.request.method} ${pathOf(started.request.url)}`
          : `${started.trigger}, by hand`,
      ),
    ),
    h(
      'span',
      { className: 'when' },
      h(
        'span',
        { className: 'time' },
        outcome === 'running' ? '…' : duration(lengthOf(invocation)),
      ),
      h('span', { className: 'quiet time' }, clock(started.at)),
    ),
  );
}

function statusBadge(invocation: Invocation): HTMLElement {
  return h('span', { className: `status ${outcomeOf(invocation)}` }, statusOf(invocation));
}

function detailOf(invocation: Invocation, opened: Set<string>): (HTMLElement | false)[] {
  const { started, ended } = invocation;
  const { request } = started;
  return [
    h('a', { className: 'back', href: '#/invocations' }, 'All invocations'),
    h(
      'header',
      {},
      h('h2', {}, started.function, ' ', statusBadge(invocation)),
      h(
        'p',
        { className: 'target' },
        request ? `${request.method} ${request.url}` : `${started.trigger}, run by hand`,
      ),
      h(
        'p',
        { className: 'quiet' },
        [
          clock(started.at),
          isOver(invocation) ? duration(lengthOf(invocation)) : 'running',
          ...summaryOf(invocation),
        ].join(' · '),
      ),
      h('div', { className: 'actions' }, againButton(invocation), curlButton(invocation)),
    ),
    ended?.error !== undefined && errorView(ended.error),
    started.isWatched
      ? waterfall(invocation, opened)
      : h(
          'p',
          { className: 'hint' },
          'Nobody was looking while this ran, so only its end was recorded. Run it again to see what happens in it.',
        ),
    ...exchange(invocation, opened),
    identity(invocation),
  ];
}

function summaryOf({ started, hooks, functionRan, ended, responseEnded }: Invocation): string[] {
  if (!started.isWatched || !ended) {
    return [];
  }
  const answering = hooks.find(
    ({ next, changes }) =>
      next.length === 0 && changes.some(({ what }) => /result|handler/.test(what)),
  );
  const who = answering?.name.split('.')[0] ?? 'a hook';
  return [
    ...(functionRan
      ? []
      : [
          ended.outcome === 'failed'
            ? 'the function did not run'
            : `${who} answered, the function did not run`,
        ]),
    ...(responseEnded?.isComplete === false ? ['the response was broken off'] : []),
  ];
}

function againButton(invocation: Invocation): HTMLElement {
  const button = h('button', { type: 'button', key: 'again' }, 'Run again');
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const { invocation: id } = await runAgain(invocation.id);
      if (id !== undefined) {
        location.hash = `#/invocations/${id}`;
      }
    } catch (error) {
      notice((error as Error).message);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}

function curlButton(invocation: Invocation): HTMLElement | false {
  const command = toCurl(invocation);
  if (command === undefined) {
    return false;
  }
  const button = h('button', { type: 'button', key: 'curl' }, 'Copy as curl');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(command).then(
      () => notice('Copied.'),
      () => notice(command),
    );
  });
  return button;
}

/** What came in and what went out. */
function exchange(
  { started, ended, responseStarted, responseEnded }: Invocation,
  opened: Set<string>,
): HTMLElement[] {
  const { request, trial } = started;
  const fold = (title: string, content: readonly HTMLElement[]) => {
    const element = h(
      'details',
      { open: opened.has(title) },
      h('summary', { key: title }, title),
      ...content,
    );
    element.addEventListener('toggle', () => {
      if (element.open) {
        opened.add(title);
      } else {
        opened.delete(title);
      }
    });
    return element;
  };
  return [
    ...(request && started.isWatched
      ? [fold('Request', [headersView(request.headers), ...bodyView(request.body)])]
      : []),
    ...(trial === undefined ? [] : [fold('Run with', [valueView('Input', written(trial))])]),
    ...(responseStarted
      ? [fold('Response', [headersView(responseStarted.headers), ...bodyView(responseEnded?.body)])]
      : []),
    ...(ended && ended.outputs.length > 0
      ? [
          fold(
            'Outputs',
            ended.outputs.map(({ name, value }) => valueView(name, written(value))),
          ),
        ]
      : []),
  ];
}

function headersView(headers: Readonly<Record<string, Shown>>): HTMLElement {
  return h(
    'dl',
    {},
    ...Object.entries(headers).flatMap(([name, value]) => [
      h('dt', {}, name),
      h('dd', {}, Array.isArray(value) ? value.join(', ') : String(value)),
    ]),
  );
}

function bodyView(body: ShownBody | undefined): HTMLElement[] {
  if (!body || body.bytes === 0) {
    return [];
  }
  const title = `Body, ${size(body.bytes)}`;
  return [
    body.text === undefined
      ? h('section', { className: 'value' }, h('h4', {}, title), h('p', {}, 'Not text.'))
      : valueView(body.isCut ? `${title}, the first 64 kB` : title, body.text),
  ];
}

function identity({ id, started }: Invocation): HTMLElement {
  const [, trace = '', parent = ''] = started.traceParent.split('-');
  return h(
    'dl',
    { className: 'identity' },
    h('dt', {}, 'Invocation'),
    h('dd', {}, id),
    h('dt', {}, 'Trace'),
    h('dd', {}, trace),
    h('dt', {}, 'Parent'),
    h('dd', {}, parent),
  );
}
