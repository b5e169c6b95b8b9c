import {
  ConsoleSpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/*
 * Prints each span when it ends. To send spans to a collector, give a BatchSpanProcessor the
 * OTLPTraceExporter of @opentelemetry/exporter-trace-otlp-http@0.223. For Application Insights,
 * call useAzureMonitor of @azure/monitor-opentelemetry instead of all this.
 */
new NodeTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(new ConsoleSpanExporter())],
}).register();
