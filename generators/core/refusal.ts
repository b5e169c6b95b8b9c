/**
 * Why something that the user typed cannot be taken: one line that says what is wrong and how to go
 * on.
 */
export class Refusal extends Error {}
