type Child = Node | string | number | false | null | undefined;

type Properties<Tag extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[Tag], 'attributes' | 'dataset' | 'style'>
> & {
  /** Attributes that are no properties, such as `aria-label`. */
  attributes?: Record<string, string | boolean | undefined>;
  /** What gets the focus back when it has been rendered again. */
  key?: string;
};

/** Creates an element. Texts become text nodes, so that nothing in them is ever HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { attributes = {}, key, ...properties }: Properties<Tag> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  if (key !== undefined) {
    element.dataset['key'] = key;
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children: readonly (Child | readonly Child[])[]): (Node | string)[] {
  return (children.flat() as Child[]).flatMap((child) =>
    child === false || child === null || child === undefined
      ? []
      : [typeof child === 'number' ? String(child) : child],
  );
}

/** Replaces what is in an element. What had the focus has it again, if it is still there. */
export function fill(
  parent: HTMLElement,
  ...children: readonly (Child | readonly Child[])[]
): void {
  const focused = document.activeElement;
  const key =
    focused instanceof HTMLElement && parent.contains(focused) ? focused.dataset['key'] : undefined;
  parent.replaceChildren(...nodes(children));
  if (key !== undefined) {
    parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`There is no #${id}.`);
  }
  return element;
}

let noticed: ReturnType<typeof setTimeout> | undefined;

/** Says something for a moment. */
export function notice(text: string): void {
  const element = byId('notice');
  element.textContent = text;
  clearTimeout(noticed);
  noticed = setTimeout(() => {
    element.textContent = '';
  }, 4000);
}

/** A time that took, in as few digits as say something. */
export function duration(milliseconds: number): string {
  return milliseconds < 1
    ? `${milliseconds.toFixed(2)} ms`
    : milliseconds < 100
      ? `${milliseconds.toFixed(1)} ms`
      : milliseconds < 10_000
        ? `${Math.round(milliseconds)} ms`
        : `${(milliseconds / 1000).toFixed(1)} s`;
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

export function size(bytes: number): string {
  return bytes === 1
    ? '1 byte'
    : bytes < 1024
      ? `${bytes} bytes`
      : bytes < 1024 * 1024
        ? `${(bytes / 1024).toFixed(1)} kB`
        : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
