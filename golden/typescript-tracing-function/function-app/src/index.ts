import './telemetry';
import { TracingExtension } from 'azfunc-extension-tracing';

new TracingExtension('HttpTrigger');
