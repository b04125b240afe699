package io.shoplens.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Usage texts with a space between an option and its value, as people type it. */
final class SpacedHelp extends Help {
  SpacedHelp(CommandSpec command, ColorScheme colors) {
    super(command, colors);
  }

  @Override
  public IParamLabelRenderer parameterLabelRenderer() {
    IParamLabelRenderer equalSigns = super.parameterLabelRenderer();
    return new IParamLabelRenderer() {
      @Override
      public Ansi.Text renderParameterLabel(ArgSpec argument, Ansi ansi, List<Ansi.IStyle> styles) {
        String label = equalSigns.renderParameterLabel(argument, Ansi.OFF, styles).toString();
        return ansi.new Text(label.startsWith("=") ? " " + label.substring(1) : label);
      }

      @Override
      public String separator() {
        return " ";
      }
    };
  }
}
