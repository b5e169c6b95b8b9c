import assert from 'node:assert/strict';
import { read, root } from '../support/files.js';
import { makePicture } from '../support/picture.js';
import { whyNoTerminal } from '../support/terminal.js';

/** Without what differs from run to run: random ids, and measured numbers with all that depends on them. */
function comparable(svg: string): string {
  return svg.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>').replace(/\d+/g, '0');
}

describe('docs/run.svg', () => {
  it('shows what a run in a terminal shows', async function () {
    const reason = whyNoTerminal();
    if (reason) {
      this.test!.title += ` (skipped: ${reason})`;
      this.skip();
    }
    assert.equal(comparable(read(root, 'docs/run.svg')), comparable(await makePicture()));
  });
});
