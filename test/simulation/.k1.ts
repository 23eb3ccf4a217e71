import { Totals } from './core/totals.ts';
import { runModel } from './tiers/model.ts';
const t=new Totals(); const s=process.cpuUsage();
const tally=await runModel(t,{runs:Number(process.argv[2])});
console.log(String(t), [...tally].map(([a,b])=>a+' '+b).sort().join(', '), process.cpuUsage(s).user/1e6,'s');
for (const v of t.violations) console.log(v.path, v.breach);
