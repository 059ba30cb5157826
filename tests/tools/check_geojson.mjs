// Checks a file with @placemarkio/check-geojson and prints how many features it has.
import { readFileSync } from "node:fs";
import { check } from "@placemarkio/check-geojson";

const collection = check(readFileSync(process.argv[2], "utf8"));
process.stdout.write(String(collection.features.length));
