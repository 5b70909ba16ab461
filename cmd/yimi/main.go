// Command yimi serves a city's plan and how its promises are kept.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(code)
}

// exit codes: 0 done, 1 it failed, 2 the words of the command are off, 3 nothing
// was done for it waits for a yes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitWaits  = 3
)

// run is the whole program; a test calls it too.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	p := &program{stdout: stdout, stderr: stderr, getenv: getenv}
	return p.run(ctx, args)
}
