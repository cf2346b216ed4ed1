import * as Layer from "effect/Layer";
import * as TestClock from "effect/testing/TestClock";
import { layer as answers } from "../../../adapters/memory/answers.ts";
import { answersContract } from "../../contracts/answers.contract.ts";

answersContract(
  "memory",
  () => Layer.provideMerge(answers, TestClock.layer()),
  (ms) => TestClock.adjust(ms),
);
