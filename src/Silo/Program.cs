using OrleansLb.Silo.Verbs;

return await CommandLine.Run(args, Console.Out, Console.Error, CancellationToken.None);
