package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"yimi/indicators"
	"yimi/server/words"
)

// program is one run of the command.
type program struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	lang           words.Lang
}

// commands is every command with its flags; each flag stands in the
// environment too.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Serve the pages. Makes the database and loads the shipped plan when there is none yet."`
	Load    loadCommand    `cmd:"" help:"Load a plan package (a folder or a zip) into the database, all or nothing."`
	Export  exportCommand  `cmd:"" help:"Write the plan and its public figures as a package: a new folder, or a zip."`
	Backup  backupCommand  `cmd:"" help:"Write the database and all evidence into one file, while the site is served or not."`
	Restore restoreCommand `cmd:"" help:"Put a backup into a data folder; the site must be stopped."`
	Account accountCommand `cmd:"" help:"Help with accounts from the machine itself."`
	Audit   auditCommand   `cmd:"" help:"Check the audit trail."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

type dataFlag struct {
	Data string `help:"Folder of the database." default:"data" env:"YIMI_DATA" placeholder:"DIR"`
}

func (p *program) run(ctx context.Context, args []string) int {
	p.lang = words.Zh
	for _, key := range []string{"YIMI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := p.getenv(key); v != "" {
			if strings.HasPrefix(v, "en") {
				p.lang = words.En
			}
			break
		}
	}
	var c commands
	left := false
	parser, err := kong.New(&c,
		kong.Name("yimi"), kong.Description("Yimi 一米: watch a city keep its promises to children.\n\nFirst steps: “yimi serve” and open http://127.0.0.1:8080; “yimi serve --demo” shows made-up figures, clearly marked."),
		kong.Writers(p.stdout, p.stderr), kong.Exit(func(int) { left = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(p.stderr, err)
		return exitFailed
	}
	k, err := parser.Parse(args)
	if left {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(p.stderr, p.lang.T("cli.usage", err.Error()))
		return exitUsage
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(p); err != nil {
		if errors.Is(err, errWaits) {
			fmt.Fprintln(p.stderr, p.lang.T("load.waits"))
			return exitWaits
		}
		p.explain(err)
		return exitFailed
	}
	return exitDone
}

// maxShown bounds the faults of a package that are printed one by one.
const maxShown = 50

// explain prints a failure in plain sentences.
func (p *program) explain(err error) {
	var problems indicators.Problems
	var known *indicators.Error
	switch {
	case errors.As(err, &problems):
		fmt.Fprintln(p.stderr, p.lang.T("cli.problems", len(problems)))
		for _, each := range problems[:min(len(problems), maxShown)] {
			fmt.Fprintln(p.stderr, p.lang.Problem(each))
		}
		if more := len(problems) - maxShown; more > 0 {
			fmt.Fprintln(p.stderr, p.lang.T("cli.more", more))
		}
	case errors.As(err, &known) && words.Has("cli."+known.What):
		fmt.Fprintln(p.stderr, p.lang.T("cli."+known.What, known.Detail))
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintln(p.stderr, p.lang.T("cli.no_file", err.Error()))
	default:
		fmt.Fprintln(p.stderr, p.lang.T("cli.failed", err.Error()))
	}
}

// version is set by the linker.
var version = "dev"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, "yimi", version)
	return err
}

// terminal reports whether w is one, for progress bars.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
