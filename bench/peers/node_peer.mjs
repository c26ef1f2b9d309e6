// A peer from npm as a process: a list of texts a line in, what it flagged and its processor time out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [home, name] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${home}/`));
const version = require(`${home}/node_modules/${name}/package.json`).version;

async function open() {
  if (name === "obscenity") {
    const { RegExpMatcher, englishDataset, englishRecommendedTransformers } = require("obscenity");
    const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
    return (text) => matcher.hasMatch(text);
  }
  const { Filter } = await import(pathToFileURL(require.resolve("bad-words")));
  const filter = new Filter();
  return (text) => filter.isProfane(text);
}

const isBad = await open();
isBad("begin");
console.log(JSON.stringify({ version }));
for await (const line of createInterface({ input: process.stdin })) {
  const texts = JSON.parse(line);
  const began = process.cpuUsage();
  const bad = texts.map((text) => Boolean(isBad(text)));
  const used = process.cpuUsage(began);
  console.log(JSON.stringify({ bad, seconds: (used.user + used.system) / 1e6 }));
}
