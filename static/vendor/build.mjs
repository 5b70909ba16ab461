// Builds echarts.js and its compressed twins beside this file. In an empty
// directory: npm i echarts@6.1.0 esbuild@0.28.2, then node build.mjs there
// (it looks for both packages in the working directory), from a copy of this
// file or by its full path.
import { createRequire } from "node:module";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(process.cwd(), "package.json"));
const esbuild = require("esbuild");
const out = join(here, "echarts.js");

await esbuild.build({
  stdin: {
    contents: `
      import { use, init } from "echarts/core";
      import { LineChart, BarChart } from "echarts/charts";
      import { GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, AriaComponent, LegendComponent } from "echarts/components";
      import { LegacyGridContainLabel } from "echarts/features";
      import { SVGRenderer } from "echarts/renderers";
      use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, AriaComponent, LegendComponent, LegacyGridContainLabel, SVGRenderer]);
      export { init };
    `,
    resolveDir: process.cwd(),
  },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "es2020",
  legalComments: "none",
  banner: { js: "/*! Apache ECharts 6.1.0 and ZRender, custom build; see echarts-LICENSE and echarts-NOTICE */" },
  define: { "process.env.NODE_ENV": '"production"' },
  outfile: out,
});

const js = readFileSync(out);
writeFileSync(out + ".gz", gzipSync(js, { level: 9 }));
writeFileSync(out + ".br", brotliCompressSync(js, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: js.length },
}));
const echarts = join(process.cwd(), "node_modules", "echarts");
copyFileSync(join(echarts, "NOTICE"), join(here, "echarts-NOTICE"));
// The licence says that licences/ holds d3's and zrender's; they follow it here.
const zrender = readFileSync(join(process.cwd(), "node_modules", "zrender", "LICENSE"), "utf8");
writeFileSync(join(here, "echarts-LICENSE"),
  readFileSync(join(echarts, "LICENSE"), "utf8") + "\n\n== ZRender ==\n\n" + zrender +
  "\n\n== d3 ==\n\n" + readFileSync(join(echarts, "licenses", "LICENSE-d3"), "utf8"));
