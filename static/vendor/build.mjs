// Builds echarts.js from the packages named in versions.json. Run by
// `make vendor` in a scratch folder that has them installed:
//   node build.mjs SCRATCH
import { createRequire } from 'node:module';
import { readFile, writeFile, copyFile, rm } from 'node:fs/promises';
import { brotliCompressSync, gzipSync, constants } from 'node:zlib';
import path from 'node:path';

const scratch = path.resolve(process.argv[2]);
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const versions = JSON.parse(await readFile(path.join(here, 'versions.json'), 'utf8'));
const require = createRequire(path.join(scratch, 'package.json'));
for (const [name, want] of Object.entries(versions)) {
  const got = JSON.parse(await readFile(path.join(scratch, 'node_modules', name, 'package.json'), 'utf8')).version;
  if (got !== want) throw new Error(`${name} is ${got}, versions.json says ${want}`);
}

const entry = `
import { use, init } from 'echarts/core';
import { LineChart, BarChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, LegendComponent, AriaComponent } from 'echarts/components';
import { LegacyGridContainLabel, LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
use([LineChart, BarChart, GridComponent, TooltipComponent, MarkLineComponent, MarkAreaComponent, LegendComponent, AriaComponent, LegacyGridContainLabel, LabelLayout, SVGRenderer]);
export { use, init };
`;
const built = await require('esbuild').build({
  stdin: { contents: entry, resolveDir: scratch, sourcefile: 'entry.js' },
  bundle: true, minify: true, format: 'iife', globalName: 'echarts', target: 'es2020', charset: 'utf8',
  legalComments: 'none', write: false,
  define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
  banner: { js: `/* Apache ECharts ${versions.echarts}, zrender ${versions.zrender}: see echarts.LICENSE and echarts.NOTICE */` },
});
const code = built.outputFiles[0].contents;
const out = (name) => path.join(here, name);
await writeFile(out('echarts.js'), code);
const br = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: code.length } });
await writeFile(out('echarts.js.br'), br);
await writeFile(out('echarts.js.gz'), gzipSync(code, { level: 9 }));
await copyFile(path.join(scratch, 'node_modules/echarts/LICENSE'), out('echarts.LICENSE'));
await copyFile(path.join(scratch, 'node_modules/echarts/NOTICE'), out('echarts.NOTICE'));
await copyFile(path.join(scratch, 'node_modules/zrender/LICENSE'), out('zrender.LICENSE'));
console.log(`echarts.js ${code.length} bytes, brotli ${br.length}`);
