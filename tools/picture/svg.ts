import type { Span } from '../support/emulator.js';

/** What is in a terminal. */
export interface Window {
  title: string;
  lines: readonly (readonly Span[])[];
}

const FONT_SIZE = 14;
const COLUMN = 8.4;
const LINE = 19;
const PADDING = 16;
const BAR = 28;
const GAP = 12;

/** Colours 0 to 7, and then the bright ones. */
const PALETTE =
  '#666666 #f14c4c #23d18b #e5e510 #3b8eea #d670d6 #29b8db #cccccc #808080 #f14c4c #23d18b #f5f543 #3b8eea #d670d6 #29b8db #ffffff'.split(
    ' ',
  );

/**
 * Draws terminals, one below the other. They have a background of their own, so the picture is
 * readable on a bright and on a dark page, and each text has its width, whatever the font.
 *
 * @param columns Width of the terminals.
 */
export function svgOf(
  windows: readonly Window[],
  { title, description, columns }: { title: string; description: string; columns: number },
): string {
  const width = Math.ceil(columns * COLUMN) + 2 * PADDING;
  let y = 0;
  const drawn = windows.map((window) => {
    const height = BAR + window.lines.length * LINE + PADDING;
    const top = y;
    y += height + GAP;
    return [
      `  <g transform="translate(0 ${top})">`,
      `    <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" class="window" />`,
      `    <text x="${width / 2}" y="19" class="title">${escaped(window.title)}</text>`,
      ...window.lines.flatMap((line, row) => textsOf(line, BAR + (row + 1) * LINE - 5)),
      '  </g>',
    ].join('\n');
  });
  const height = y - GAP;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(title)}</title>
  <desc id="description">${escaped(description)}</desc>
  <style>
    text {
      font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace;
      fill: #d4d4d4;
    }
    .window { fill: #1e1e1e; stroke: #4d4d4d; }
    .title { fill: #9d9d9d; font-family: system-ui, sans-serif; font-size: 12px; text-anchor: middle; }
    .bold { font-weight: bold; }
    .dim { fill-opacity: 0.6; }
${usedColors(windows)
  .map((color) => `    .c${color} { fill: ${PALETTE[color]}; }\n`)
  .join('')}  </style>
${drawn.join('\n')}
</svg>
`;
}

/** Wide gaps are left out of the texts: not every viewer keeps them. */
function textsOf(line: readonly Span[], y: number): string[] {
  let column = 0;
  return line.flatMap((span) => {
    const start = column;
    column += span.text.length;
    const classes = [
      ...(span.color === undefined ? [] : [`c${span.color}`]),
      ...(span.isBold ? ['bold'] : []),
      ...(span.isDim ? ['dim'] : []),
    ];
    const style = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
    return [...span.text.matchAll(/\S+( \S+)*/g)].map(({ 0: text, index }) => {
      const x = (PADDING + (start + index) * COLUMN).toFixed(1);
      const length = (text.length * COLUMN).toFixed(1);
      return `    <text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${style}>${escaped(text)}</text>`;
    });
  });
}

function usedColors(windows: readonly Window[]): number[] {
  const colors = windows.flatMap(({ lines }) => lines.flat().flatMap(({ color }) => color ?? []));
  return [...new Set(colors)].sort((a, b) => a - b);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
