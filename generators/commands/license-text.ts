/** A copyright notice with a place for year or author in it, or the place for a notice. */
const OPEN_NOTICE =
  /^[^\S\n]*(?:(?:[<[].+?[>\]] )?Copyright .*(?:year|yyyy|xxxx|jahr|dates of|by author).*?(?=\(“|$)|<copyright (?:notice|information)>)/im;

/** Places in the terms themselves: for the name of what is licensed, or else for the holder. */
const PLACE =
  /<(product|asset name)>|[<[(](?:copyright ?holder|(?:asset )?owner|author|name of|trademarked)[^>\])]*[>\])](?: <[^>]*>)*/gi;

/**
 * The text of a LICENSE file. The notice is at the top of a text: what comes later, in an appendix
 * on how to apply the license, is for other files, and stays as it is.
 *
 * @param id SPDX id, or `UNLICENSED`.
 * @param spdxText The license's text as SPDX publishes it; none for `UNLICENSED`.
 * @param holder Who holds the copyright.
 * @param work The name of what is licensed.
 */
export function licenseText(
  id: string,
  spdxText: string | undefined,
  { year, holder, work }: { year: number; holder: string; work: string },
): string {
  const notice = `Copyright (c) ${year} ${holder}`;
  if (spdxText === undefined) {
    return `${notice}. All rights reserved.`;
  }
  const published = spdxText.replace(/[^\S\n]+$/gm, '').trim();
  const text = id === 'ISC' ? withoutFirstLicensee(published) : published;
  const [open] = OPEN_NOTICE.exec(text.split('\n').slice(0, 10).join('\n')) ?? [];
  if (open !== undefined) {
    const [before = '', ...after] = text.split(open.trim());
    const filled = (part: string) =>
      part
        .replace(' or <related entities>', '')
        .replace(PLACE, (_, isWork?: string) => (isWork ? work : holder));
    return filled(before) + notice + filled(after.join(open.trim()));
  }
  // It speaks of a notice that it does not have, or that names the author of something else.
  return /\babove\s+copyright\s+notice/i.test(text) ? `${notice}\n\n${text}` : text;
}

/** SPDX has the ISC license as its first licensee had it, and the others with a place for the name. */
function withoutFirstLicensee(text: string): string {
  return text
    .replace(/^Copyright \(c\).*(\nCopyright \(c\).*)*$/m, 'Copyright (c) <year> <owner>')
    .replace(/\bISC (?=DISCLAIMS|BE LIABLE)/g, 'THE AUTHOR ');
}
