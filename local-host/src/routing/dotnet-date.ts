/** Whether a text is a point in time for .NET's `DateTime.TryParse` with the invariant culture. */
export function isDateTime(text: string): boolean {
  const tokens = tokenize(text.trim());
  return tokens !== undefined && tokens.length > 0 && new DateTimeReader(tokens).read();
}

type Token =
  | { readonly kind: 'number'; readonly value: number; readonly digits: number }
  | { readonly kind: 'month' | 'weekday'; readonly value: number }
  | { readonly kind: 'half'; readonly isAfternoon: boolean }
  | { readonly kind: 'zone' | 'T' }
  | { readonly kind: 'separator'; readonly text: string };

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Marks of a time: `:`. Marks of a date: `/`, `-`, `.`. A space or comma may be between all. */
function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = /(\d+)|([a-z]+)|([:/.+-])|([\s,]+)/giy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) {
      return undefined;
    }
    const [, digits, word, mark] = match;
    const token = digits
      ? ({ kind: 'number', value: Number(digits), digits: digits.length } as const)
      : word
        ? toWord(word.toLowerCase())
        : ({ kind: 'separator', text: mark ?? ' ' } as const);
    if (!token) {
      return undefined;
    }
    tokens.push(token);
  }
  return tokens;
}

function toWord(word: string): Token | undefined {
  const named = (names: readonly string[]) =>
    names.findIndex((name) => name === word || name.slice(0, 3) === word);
  const month = named(MONTHS);
  const weekday = named(WEEKDAYS);
  if (month >= 0) {
    return { kind: 'month', value: month + 1 };
  }
  if (weekday >= 0) {
    return { kind: 'weekday', value: weekday };
  }
  switch (word) {
    case 'am':
    case 'a':
    case 'pm':
    case 'p':
      return { kind: 'half', isAfternoon: word.startsWith('p') };
    case 'z':
    case 'gmt':
      return { kind: 'zone' };
    case 't':
      return { kind: 'T' };
    default:
      return undefined;
  }
}

class DateTimeReader {
  readonly #tokens: readonly Token[];
  readonly #numbers: { value: number; digits: number }[] = [];
  #index = 0;
  #month: number | undefined;
  #monthAt = 0;
  #weekday: number | undefined;
  #hasTime = false;
  #hasZone = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): boolean {
    while (this.#index < this.#tokens.length) {
      if (!this.#readPart()) {
        return false;
      }
    }
    return this.#isDate();
  }

  #peek(offset = 0): Token | undefined {
    return this.#tokens[this.#index + offset];
  }

  #isMark(marks: string, offset = 0): boolean {
    const token = this.#peek(offset);
    return token?.kind === 'separator' && marks.includes(token.text);
  }

  #skipSpaces(): void {
    while (this.#isMark(' ')) {
      this.#index++;
    }
  }

  #readPart(): boolean {
    this.#skipSpaces();
    const token = this.#peek();
    switch (token?.kind) {
      case 'number':
        return this.#startsTime() ? this.#readTime() : this.#readDateNumber(token);
      case 'month':
        if (this.#month !== undefined) {
          return false;
        }
        this.#month = token.value;
        this.#monthAt = this.#numbers.length;
        this.#index++;
        return this.#readDateMark();
      case 'weekday':
        if (this.#weekday !== undefined) {
          return false;
        }
        this.#weekday = token.value;
        this.#index++;
        return true;
      case 'T':
        this.#index++;
        return this.#numbers.length + Number(this.#month !== undefined) >= 2 && this.#startsTime();
      case 'zone':
        return this.#readZone();
      case undefined:
        return true;
      default:
        return false;
    }
  }

  /** `10:00`, `10 am` */
  #startsTime(): boolean {
    if (this.#isMark(':', 1)) {
      return true;
    }
    return (
      this.#peek(1)?.kind === 'half' || (this.#isMark(' ', 1) && this.#peek(2)?.kind === 'half')
    );
  }

  #readDateNumber({ value, digits }: { value: number; digits: number }): boolean {
    this.#numbers.push({ value, digits });
    this.#index++;
    return this.#numbers.length <= 3 && digits <= 4 && this.#readDateMark();
  }

  /** One mark may be between the parts of a date, and not after the last one. */
  #readDateMark(): boolean {
    this.#skipSpaces();
    if (this.#isMark('/-.')) {
      this.#index++;
      this.#skipSpaces();
      const next = this.#peek();
      return next?.kind === 'number' || next?.kind === 'month';
    }
    return !this.#isMark(':+');
  }

  #readTime(): boolean {
    if (this.#hasTime) {
      return false;
    }
    this.#hasTime = true;
    const parts: number[] = [];
    for (;;) {
      const token = this.#peek();
      if (token?.kind !== 'number' || token.digits > 2) {
        return false;
      }
      parts.push(token.value);
      this.#index++;
      if (!this.#isMark(':') || parts.length === 3) {
        break;
      }
      this.#index++;
    }
    if (parts.length === 3 && this.#isMark('.')) {
      this.#index++;
      if (this.#peek()?.kind === 'number') {
        this.#index++;
      }
    }
    this.#skipSpaces();
    const half = this.#peek();
    const [hour = 0, minute = 0, second = 0] = parts;
    if (half?.kind === 'half') {
      this.#index++;
      this.#skipSpaces();
    }
    return (
      hour <= (half?.kind === 'half' ? 12 : 23) &&
      minute <= 59 &&
      second <= 59 &&
      (!(this.#isMark('+-') || this.#peek()?.kind === 'zone') || this.#readZone())
    );
  }

  /** `Z`, `GMT`, `+1`, `+01:00`, `-0800` */
  #readZone(): boolean {
    if (this.#hasZone || !this.#hasTime) {
      return false;
    }
    this.#hasZone = true;
    const isName = this.#peek()?.kind === 'zone';
    this.#index++;
    if (isName) {
      return true;
    }
    const token = this.#peek();
    if (token?.kind !== 'number' || token.digits > 4) {
      return false;
    }
    this.#index++;
    let [hours, minutes] = [token.value, 0];
    if (token.digits > 2) {
      [hours, minutes] = [Math.floor(token.value / 100), token.value % 100];
    } else if (this.#isMark(':')) {
      const next = this.#peek(1);
      if (next?.kind !== 'number' || next.digits > 2) {
        return false;
      }
      minutes = next.value;
      this.#index += 2;
    }
    return minutes <= 59 && hours * 60 + minutes <= 14 * 60;
  }

  #isDate(): boolean {
    const date = this.#toDate();
    if (!date) {
      return false;
    }
    const { year, month, day } = date;
    const point = new Date(0);
    point.setUTCFullYear(year, month - 1, day);
    return (
      year >= 1 &&
      year <= 9999 &&
      point.getUTCMonth() === month - 1 &&
      point.getUTCDate() === day &&
      (this.#weekday === undefined || this.#weekday === point.getUTCDay())
    );
  }

  /** Month first, but for a year that stands first; a year has three digits or more, or is last. */
  #toDate(): { year: number; month: number; day: number } | undefined {
    const thisYear = new Date().getFullYear();
    const [first, second, third] = this.#numbers;
    if (this.#month !== undefined) {
      const month = this.#month;
      if (first && second && !third) {
        // `2024 May 1`, `May 2024 1`, and `1 May 2024`, `May 1 2024`
        return first.digits > 2
          ? { year: first.value, month, day: second.value }
          : { year: fullYear(second), month, day: first.value };
      }
      if (first && !second) {
        return first.digits > 2
          ? { year: first.value, month, day: 1 }
          : first.value > 31
            ? undefined
            : { year: thisYear, month, day: first.value };
      }
      return undefined;
    }
    if (first && second && third) {
      return first.digits > 2
        ? { year: first.value, month: second.value, day: third.value }
        : second.digits > 2
          ? undefined
          : { year: fullYear(third), month: first.value, day: second.value };
    }
    if (first && second) {
      return first.digits > 2
        ? { year: first.value, month: second.value, day: 1 }
        : second.digits > 2
          ? { year: second.value, month: first.value, day: 1 }
          : { year: thisYear, month: first.value, day: second.value };
    }
    if (first) {
      return undefined;
    }
    const now = new Date();
    return this.#hasTime && this.#monthAt === 0
      ? { year: thisYear, month: now.getMonth() + 1, day: now.getDate() }
      : undefined;
  }
}

function fullYear({ value, digits }: { value: number; digits: number }): number {
  return digits > 2 ? value : value + (value < 50 ? 2000 : 1900);
}
