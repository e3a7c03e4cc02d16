/** Does it at once, and again when it was asked for meanwhile, but never twice within so many seconds. */
export function atMost(seconds: number, act: () => void): () => void {
  let [resting, asked] = [false, false];
  const rest = (): void => {
    resting = true;
    window.setTimeout(() => {
      resting = false;
      if (!asked) return;
      asked = false;
      act();
      rest();
    }, seconds * 1000);
  };
  return () => {
    if (resting) {
      asked = true;
      return;
    }
    act();
    rest();
  };
}
