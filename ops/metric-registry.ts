import * as Layer from "effect/Layer";
import * as Metric from "effect/Metric";

/** What one server counts, apart from another one in the same process. */
export const metricRegistry = Layer.sync(Metric.MetricRegistry, () => new Map());
