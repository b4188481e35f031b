/** Thrown inside a unit of work to undo it and answer `value` instead: an expected outcome, not an error. */
export class Refusal<T> extends Error {
  readonly value: T;

  constructor(value: T) {
    super('unit of work refused');
    this.value = value;
  }
}
