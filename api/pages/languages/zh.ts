import { en, type Texts } from "./en.ts";

export const zh: Texts = { ...en, name: "中文" };
