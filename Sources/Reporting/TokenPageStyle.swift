/// The page's style. Blue and orange (Okabe and Ito's palette) tell the authors apart for every
/// kind of colour vision; the large model's tokens are underlined besides.
let tokenPageStyle = #"""
    :root {
      color-scheme: light dark;
      --back: #fff; --fore: #1b1f24; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
      --slm: 0 114 178; --llm: 213 94 0; --good: #1a7f37; --bad: #b3261e; --mark: #8250df;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #15181c; --fore: #e6e9ed; --soft: #9aa4af; --line: #3a424c; --panel: #1d2127;
        --slm: 86 180 233; --llm: 230 159 0; --good: #56d364; --bad: #ff8f87; --mark: #c297ff;
      }
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body {
      display: grid; grid-template: auto 1fr / 17rem minmax(0, 1fr);
      font: 15px/1.5 system-ui, sans-serif; background: var(--back); color: var(--fore);
    }
    header { grid-column: 1 / -1; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
    h1 { display: inline; font-size: 1.1rem; margin: 0 .6rem 0 0; }
    header p { margin: 0; color: var(--soft); }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; font-size: .85rem; }
    .ramp { display: inline-block; width: 5rem; height: .8em; margin: 0 .3rem; }
    .ramp.slm {
      background: linear-gradient(to right, rgb(var(--slm) / .16), rgb(var(--slm) / .66));
    }
    .ramp.llm {
      background: linear-gradient(to right, rgb(var(--llm) / .16), rgb(var(--llm) / .66));
      border-bottom: 2px solid rgb(var(--llm));
    }
    nav { display: flex; flex-direction: column; min-height: 0; border-right: 1px solid var(--line); }
    fieldset { border: 0; margin: 0; padding: .6rem .8rem; display: grid; gap: .2rem; }
    fieldset label { display: flex; gap: .4rem; }
    fieldset output { margin-left: auto; color: var(--soft); }
    #search { margin: 0 .8rem .5rem; padding: .3rem .5rem; font: inherit; }
    #list { list-style: none; margin: 0; padding: 0; overflow-y: auto; flex: 1; }
    #list li {
      display: flex; gap: .5rem; padding: .2rem .8rem; cursor: pointer; white-space: nowrap;
      border-left: .25rem solid transparent;
    }
    #list li:hover { background: var(--panel); }
    #list li[aria-selected="true"] { background: var(--panel); border-left-color: var(--mark); }
    #list .text { overflow: hidden; text-overflow: ellipsis; color: var(--soft); }
    .right { color: var(--good); } .wrong { color: var(--bad); }
    main { min-height: 0; overflow-y: auto; padding: .8rem 1rem; }
    #question { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 .4rem; }
    #divergence { margin: 0 0 .8rem; color: var(--mark); min-height: 1.5em; }
    #panes { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
    #panes.single { grid-template-columns: minmax(0, 1fr); max-width: 60rem; }
    #panes.single section:last-child .answer { display: none; }
    section { min-width: 0; }
    select { font: inherit; max-width: 100%; padding: .2rem; }
    .facts { color: var(--soft); font-size: .85rem; margin: .3rem 0; }
    .tokens {
      font: 14px/1.9 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
      border: 1px solid var(--line); border-radius: .3rem; padding: .6rem;
    }
    .token { border-radius: .15rem; padding: .1em 0; }
    .token.slm { background: rgb(var(--slm) / var(--shade)); }
    .token.llm {
      background: rgb(var(--llm) / var(--shade)); border-bottom: 2px solid rgb(var(--llm));
    }
    .token .sign { color: var(--soft); }
    .token.first { outline: 3px solid var(--mark); outline-offset: 1px; }
    .token.first::before { content: "▼"; color: var(--mark); }
    :focus-visible { outline: 3px solid var(--fore); outline-offset: 1px; }
    #tip {
      position: fixed; z-index: 2; max-width: 24rem; padding: .5rem .7rem; pointer-events: none;
      background: var(--back); border: 1px solid var(--soft); border-radius: .3rem;
      box-shadow: 0 2px 10px rgb(0 0 0 / .3); font-size: .85rem;
    }
    #tip[hidden] { display: none; }
    #tip table { border-spacing: .5rem 0; margin-left: -.5rem; }
    #tip td.piece { font-family: ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    #tip td.number { text-align: right; font-variant-numeric: tabular-nums; }
    kbd {
      border: 1px solid var(--line); border-radius: .2rem; padding: 0 .3rem; font-size: .8rem;
      background: var(--panel);
    }
    .keys { padding: .5rem .8rem; font-size: .8rem; color: var(--soft); border-top: 1px solid var(--line); }
    @media (max-width: 50rem) {
      body { display: block; } nav { border: 0; } #list { max-height: 12rem; }
      #panes { grid-template-columns: minmax(0, 1fr); }
    }
    """#

/// The page's elements; the script fills them.
let tokenPageBody = #"""
    <header>
    <h1 id="title"></h1> <span id="asks"></span>
    <p class="legend"><span>slm <b id="slm"></b> <i class="ramp slm"></i></span>
    <span>llm <b id="llm"></b> <i class="ramp llm"></i> underlined</span>
    <span>stronger shade: higher score</span></p>
    </header>
    <nav aria-label="Questions">
    <fieldset id="filters"><legend>Show</legend>
    <label><input type="radio" name="filter" value="all" checked> all
    <output id="count-all"></output></label>
    <label><input type="radio" name="filter" value="right"> right on the left
    <output id="count-right"></output></label>
    <label><input type="radio" name="filter" value="wrong"> wrong on the left
    <output id="count-wrong"></output></label>
    <label><input type="radio" name="filter" value="changed"> changed between the two
    <output id="count-changed"></output></label>
    </fieldset>
    <input id="search" type="search" placeholder="find in questions" aria-label="Find in questions">
    <ul id="list" role="listbox" aria-label="Questions" tabindex="0"></ul>
    <div class="keys"><kbd>↑</kbd> <kbd>↓</kbd> question, <kbd>←</kbd> <kbd>→</kbd> token,
    <kbd>1</kbd> <kbd>2</kbd> setting, <kbd>d</kbd> divergence, <kbd>/</kbd> find</div>
    </nav>
    <main>
    <p id="question"></p>
    <p id="divergence" role="status"></p>
    <div id="panes">
    <section aria-label="Left setting"><select aria-label="Left setting"></select>
    <div class="answer"><p class="facts"></p><div class="tokens" role="group"></div></div></section>
    <section aria-label="Right setting"><select aria-label="Right setting"></select>
    <div class="answer"><p class="facts"></p><div class="tokens" role="group"></div></div></section>
    </div>
    </main>
    <div id="tip" role="tooltip" hidden></div>
    """#
