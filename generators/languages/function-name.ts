/** The name of the sample of a function, and of a function that gets no other: `timer` -> `TimerTrigger`. */
export function defaultFunctionName(trigger: string): string {
  return `${trigger.charAt(0).toUpperCase()}${trigger.slice(1)}Trigger`;
}
