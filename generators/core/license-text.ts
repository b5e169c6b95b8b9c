/**
 * The text of a LICENSE file.
 *
 * @param id SPDX id, or `UNLICENSED`.
 * @param spdxText The license's text as SPDX publishes it; none for `UNLICENSED`.
 * @param holder Who holds the copyright.
 */
export function licenseText(
  id: string,
  spdxText: string | undefined,
  { year, holder }: { year: number; holder: string },
): string {
  const notice = `Copyright (c) ${year} ${holder}`;
  if (spdxText === undefined) {
    return `${notice}. All rights reserved.`;
  }
  // SPDX has the notice of the first ISC licensee in the place where others have a placeholder.
  const placeholder =
    id === 'ISC'
      ? /^Copyright \(c\).*(\nCopyright \(c\).*)*$/m
      : /^Copyright (\(c\) )?[<[]?year\b.*$/im;
  return spdxText
    .replace(placeholder, () => notice)
    .replace(/[^\S\n]+$/gm, '')
    .trim();
}
