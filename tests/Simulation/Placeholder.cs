namespace OrleansLb.Simulation.Tests;
