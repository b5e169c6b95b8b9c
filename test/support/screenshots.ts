import assert from 'node:assert/strict';

/** Checks that a picture is a PNG, of the size that the pictures of the inspector have. */
export function checkScreenshot(picture: Buffer): void {
  assert.equal(picture.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1120, 620]);
  assert.ok(picture.length < 150_000, String(picture.length));
}
