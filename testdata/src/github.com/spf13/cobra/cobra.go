// Package cobra stands for the library of the same name: commands and their functions.
package cobra

// A Command is one command of a program.
type Command struct {
	Use  string
	Run  func(cmd *Command, args []string)
	RunE func(cmd *Command, args []string) error
}
