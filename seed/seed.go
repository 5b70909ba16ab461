// Package seed reads and writes a plan as a data package: a folder or a zip of
// CSV files with a datapackage.json. It holds the plan that ships with the
// program; what the files mean is for package indicators.
package seed

import (
	"embed"
	"io/fs"
)

//go:embed */datapackage.json */*.csv
var shipped embed.FS

// Shipped is the plan that ships with the program, whichever city's it is.
func Shipped() fs.FS {
	folders, err := fs.ReadDir(shipped, ".")
	if err != nil || len(folders) != 1 {
		panic("seed: not one plan is embedded")
	}
	plan, err := fs.Sub(shipped, folders[0].Name())
	if err != nil {
		panic(err)
	}
	return plan
}
