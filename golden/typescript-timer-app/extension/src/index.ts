import { TimerExtension } from './timer';

export * from './timer';

TimerExtension.register();
