// Over Swagger UI: the head of all pages, light or dark as the system has it, and the key that another page asked for.
(() => {
  const NAME = 'gatehouse.key';
  const SCHEMES = ['ApiKeyAuth', 'BearerAuth'];
  const root = new URL('..', `${location.href.split(/[?#]/, 1)[0].replace(/\/?$/, '/')}`);

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const dress = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', dress);
  dress();
  document.documentElement.lang = 'en';
  addHead();
  window.gatehouse = createPlugin();

  function addHead() {
    const head = document.createElement('header');
    head.className = 'top';
    const name = link('./', 'Gatehouse');
    name.className = 'name';
    const icon = document.createElement('img');
    Object.assign(icon, { src: new URL('page/gatehouse.svg', root), alt: '', width: 28, height: 28 });
    name.prepend(icon);
    const nav = document.createElement('nav');
    nav.setAttribute('aria-label', 'Pages');
    const here = link('api-docs', 'API');
    here.setAttribute('aria-current', 'page');
    nav.append(link('./', 'Home'), here, link('terminal', 'Terminal'));
    head.append(name, nav);
    document.body.prepend(head);
  }

  /** Swagger UI's own way to hear of keys: a key that was entered on one page serves for all. */
  function createPlugin() {
    let ui = null;
    return {
      plugin: () => ({
        afterLoad: (system) => void (ui = system),
        statePlugins: { auth: { wrapActions: { authorize: keep, logout: forget } } },
      }),
      complete() {
        const value = sessionStorage.getItem(NAME);
        const scheme = ui?.specSelectors.specJson().getIn(['components', 'securitySchemes', 'ApiKeyAuth']);
        if (value && scheme) ui.authActions.authorize({ ApiKeyAuth: { name: 'ApiKeyAuth', schema: scheme, value } });
      },
    };
  }

  function keep(original) {
    return (given) => {
      const value = SCHEMES.map((scheme) => given[scheme]?.value).find((key) => typeof key === 'string' && key !== '');
      if (value !== undefined) sessionStorage.setItem(NAME, value);
      return original(given);
    };
  }

  function forget(original) {
    return (given) => {
      sessionStorage.removeItem(NAME);
      return original(given);
    };
  }

  function link(path, words) {
    const made = document.createElement('a');
    made.href = new URL(path, root);
    made.textContent = words;
    return made;
  }
})();
