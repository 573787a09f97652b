import { h } from '../dom.ts';
import { linkTo, type Route } from '../route.ts';

/** Asks the same finding for what ran in a time. */
export function periodForm({ id, from = '', to = '' }: Extract<Route, { view: 'cve' }>): HTMLFormElement {
  const input = (name: string, value: string, placeholder: string) =>
    h('input', { name, value, placeholder, maxlength: 60, autocomplete: 'off', spellcheck: 'false' });
  const [begin, end] = [input('from', from, '2026-11-20 03:10'), input('to', to, 'now')];
  const form = h(
    'form',
    { class: 'period', 'aria-label': 'What ran in a time' },
    h('label', {}, h('span', { class: 'label' }, 'What ran from'), begin),
    h('label', {}, h('span', { class: 'label' }, 'to'), end),
    h('button', { type: 'submit' }, 'Ask'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [since, until] = [begin.value.trim(), end.value.trim()];
    location.hash = linkTo({ view: 'cve', id, ...(since && { from: since }), ...(until && { to: until }) });
  });
  return form;
}
