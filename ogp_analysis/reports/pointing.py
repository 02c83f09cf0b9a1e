"""Maps that answer: the value of a kecamatan under the pointer, at a tap, or reached with the keyboard.

The script is part of the page and asks nothing of the network. Without it, or where scripts are not allowed, the
drawings stay as they are: described as a whole, with the browser's own tooltips.
"""

from __future__ import annotations

import html

from ogp_analysis.locale import Language

STYLE = """
.tip{position:fixed;z-index:9;max-width:18rem;padding:.25rem .5rem;background:#1a1a1a;color:#fff;font-size:.85rem;
 line-height:1.3;border-radius:3px;pointer-events:none}
svg [tabindex]{cursor:pointer}
svg [tabindex]:focus{outline:none}
svg .at,svg .at path{stroke:#000!important;stroke-width:2.2px!important}
@media print{.tip,.keys{display:none}}
"""
# One stop of the Tab key for each drawing; the arrows lead on. role=img would hide the parts from a screen reader.
SCRIPT = """
(()=>{
const tip=document.createElement('div');tip.className='tip';tip.hidden=true;tip.setAttribute('aria-hidden','true');
document.body.append(tip);
let shown=null;
const hide=()=>{if(shown)shown.classList.remove('at');shown=null;tip.hidden=true};
const place=()=>{
 if(!shown)return;
 const box=shown.getBoundingClientRect(),own=tip.getBoundingClientRect();
 const left=box.left+box.width/2-own.width/2,over=box.top-own.height-6;
 tip.style.left=Math.max(4,Math.min(left,document.documentElement.clientWidth-own.width-4))+'px';
 tip.style.top=(over>4?over:box.bottom+6)+'px'};
const show=item=>{
 hide();shown=item;item.classList.add('at');
 tip.textContent=item.getAttribute('aria-label');tip.hidden=false;place()};
addEventListener('scroll',place,{passive:true,capture:true});
addEventListener('keydown',event=>{if(event.key==='Escape')hide()});
document.querySelectorAll('figure.ogp-map').forEach(figure=>{
 const svg=figure.querySelector('svg');
 const items=svg?[...svg.querySelectorAll('*>title')].map(each=>each.parentNode).filter(each=>each!==svg):[];
 if(!items.length)return;
 svg.setAttribute('role','group');
 items.forEach((item,at)=>{
  const title=item.querySelector(':scope>title');
  item.setAttribute('aria-label',title.textContent);title.remove();
  item.setAttribute('role','img');item.setAttribute('tabindex',at?-1:0);
  item.addEventListener('pointerenter',()=>show(item));
  item.addEventListener('pointerleave',()=>{if(document.activeElement!==item)hide()});
  item.addEventListener('blur',hide);
  item.addEventListener('focus',()=>{
   items.forEach(each=>each.setAttribute('tabindex',each===item?0:-1));
   item.scrollIntoView({block:'nearest',inline:'nearest'});show(item)});
  item.addEventListener('keydown',event=>{
   const step={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[event.key];
   const to=event.key==='Home'?0:event.key==='End'?items.length-1:step?at+step:-1;
   if(items[to]){event.preventDefault();items[to].focus()}})});
 const keys=document.createElement('p');keys.className='note keys';keys.textContent=document.body.dataset.keys;
 figure.append(keys)});
})();
"""


def keys_text(language: Language) -> str:
    """How the parts of a map are reached, as an attribute of the page's body."""
    words = language.t("For the value of a kecamatan: point at it or tap it, or use the Tab and arrow keys.")
    return html.escape(words)
